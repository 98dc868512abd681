// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiChat

extension SQLError: ChatStoreFailure {
    public var fate: ChatStoreFate {
        switch self.code {
        case .constraint, .statement, .failed: .refused
        case .busy, .timedOut: .blocked
        case .outcomeUnknown, .resultsLost: .unknown
        default: .unavailable
        }
    }
}
