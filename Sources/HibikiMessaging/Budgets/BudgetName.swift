// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Names a budget: in its setting, in errors, in header fields and in the metric of those that were hit.
public enum BudgetName: String, CaseIterable, Sendable {
    case messagesOfPrincipal = "messages-per-principal"
    case messagesOfConnection = "messages-per-connection"
    case messagesOfAddress = "messages-per-address"
    case bytesOfPrincipal = "bytes-per-principal"
    case bytesOfConnection = "bytes-per-connection"
    case bytesOfAddress = "bytes-per-address"
    case joinsOfPrincipal = "joins-per-principal"
    case joinsOfConnection = "joins-per-connection"
    case joinsOfAddress = "joins-per-address"
    case connectsOfPrincipal = "connects-per-principal"
    case connectsOfAddress = "connects-per-address"
    case connects
    case failedTokens = "failed-tokens-per-address"
    case refusals = "refusals-per-connection"

    /// What there was too much of, for people.
    var words: String {
        switch self {
        case .messagesOfPrincipal: "too many messages of one principal"
        case .messagesOfConnection: "too many messages on one connection"
        case .messagesOfAddress: "too many messages from one address"
        case .bytesOfPrincipal: "too many bytes of one principal"
        case .bytesOfConnection: "too many bytes on one connection"
        case .bytesOfAddress: "too many bytes from one address"
        case .joinsOfPrincipal: "too many joins of one principal"
        case .joinsOfConnection: "too many joins on one connection"
        case .joinsOfAddress: "too many joins from one address"
        case .connectsOfPrincipal: "too many new connections of one principal"
        case .connectsOfAddress: "too many new connections from one address"
        case .connects: "too many new connections"
        case .failedTokens: "too many tokens from one address that are no good"
        case .refusals: "sent too much for too long"
        }
    }
}

extension BudgetConfiguration {
    public subscript(name: BudgetName) -> Budget {
        get { self[keyPath: name.path] }
        set { self[keyPath: name.path] = newValue }
    }
}

extension BudgetName {
    fileprivate var path: WritableKeyPath<BudgetConfiguration, Budget> {
        switch self {
        case .messagesOfPrincipal: \.principal.messages
        case .messagesOfConnection: \.connection.messages
        case .messagesOfAddress: \.address.messages
        case .bytesOfPrincipal: \.principal.bytes
        case .bytesOfConnection: \.connection.bytes
        case .bytesOfAddress: \.address.bytes
        case .joinsOfPrincipal: \.principal.joins
        case .joinsOfConnection: \.connection.joins
        case .joinsOfAddress: \.address.joins
        case .connectsOfPrincipal: \.connectsOfPrincipal
        case .connectsOfAddress: \.connectsOfAddress
        case .connects: \.connects
        case .failedTokens: \.failedTokens
        case .refusals: \.refusals
        }
    }
}
