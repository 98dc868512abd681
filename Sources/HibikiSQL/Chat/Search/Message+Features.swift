// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat

extension SearchQuery.Feature {
    /// The bit of the column `features` that says whether a message has it. Stored, so never changed.
    var bit: Int64 {
        switch self {
        case .image: 1
        case .file: 2
        case .link: 4
        case .reaction: 8
        case .pin: 16
        }
    }
}

extension Message {
    var features: Int64 {
        SearchQuery.Feature.allCases.reduce(0) { self.has($1) ? $0 | $1.bit : $0 }
    }
}
