// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiChat

extension SQLError: ChatStoreFailure {
    public var fate: ChatStoreFate {
        switch self.code {
        case .constraint, .statement, .failed: .refused
        case .busy, .timedOut: .blocked
        // What a statement gave may have been read after the transaction was stored.
        case .outcomeUnknown, .resultsLost, .column: .unknown
        default: .unavailable
        }
    }
}
