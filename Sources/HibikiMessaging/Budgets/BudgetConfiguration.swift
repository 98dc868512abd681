// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What clients may do in a time. Each can be ``Budget/off``.
///
/// What a client sends counts for its connection, for the principal whose token it has shown, and for its address; whoever finds one
/// of the three empty is told when to come back.
public struct BudgetConfiguration: Hashable, Sendable {
    /// What counts together.
    public struct Rates: Hashable, Sendable {
        /// Commands, events of Socket.IO, requests, and each publication of an array.
        public var messages: Budget
        /// Bytes of those.
        public var bytes: Budget
        /// Topics that are followed, rooms and namespaces that are joined, and sessions of Socket.IO.
        public var joins: Budget

        public init(messages: Budget, bytes: Budget, joins: Budget) {
            self.messages = messages
            self.bytes = bytes
            self.joins = joins
        }

        public static let off = Rates(messages: .off, bytes: .off, joins: .off)
    }

    /// Of all connections of one principal. Default 50 messages, 1 MiB and 100 joins in a second; at once 100, 4 MiB and 1,000.
    public var principal = Rates(
        messages: Budget(50, burst: 100), bytes: Budget(1 << 20, burst: 4 << 20), joins: Budget(100, burst: 1_000))
    /// Of one connection. Default 50 messages, 1 MiB and 32 joins in a second; at once 100, 4 MiB and 256.
    public var connection = Rates(
        messages: Budget(50, burst: 100), bytes: Budget(1 << 20, burst: 4 << 20), joins: Budget(32, burst: 256))
    /// Of all connections of one address. Default 10,000 messages, 32 MiB and 5,000 joins in a second; at once 20,000, 128 MiB
    /// and 50,000: many people may stand behind one.
    public var address = Rates(
        messages: Budget(10_000, burst: 20_000), bytes: Budget(32 << 20, burst: 128 << 20),
        joins: Budget(5_000, burst: 50_000))
    /// Sessions that one principal begins: WebSockets, event streams and connections of Socket.IO. Default 10 in a second, 100
    /// at once.
    public var connectsOfPrincipal = Budget(10, burst: 100)
    /// Connections of one address. Default 500 in a second, 2,000 at once.
    public var connectsOfAddress = Budget(500, burst: 2_000)
    /// Connections in all. Default 5,000 in a second, 20,000 at once.
    public var connects = Budget(5_000, burst: 20_000)
    /// Tokens of one address that are no good. Default 2 in a second, 100 at once.
    public var failedTokens = Budget(2, burst: 100)
    /// How often a connection may be refused something; beyond, it is closed. Default 10 in a second, 200 at once.
    public var refusals = Budget(10, burst: 200)
    /// Who may do as much as they like: back ends with a token of their own. Only ``PermissionRule/Holder/role(_:)`` and
    /// ``PermissionRule/Holder/user(_:)`` make sense. Default nobody.
    public var unlimited: [PermissionRule.Holder] = []

    public init() {}

    /// No limits at all.
    public static let off: BudgetConfiguration = {
        var budgets = BudgetConfiguration()
        (budgets.principal, budgets.connection, budgets.address) = (.off, .off, .off)
        (budgets.connectsOfPrincipal, budgets.connectsOfAddress, budgets.connects) = (.off, .off, .off)
        (budgets.failedTokens, budgets.refusals) = (.off, .off)
        return budgets
    }()

    func isUnlimited(_ principal: Principal) -> Bool {
        self.unlimited.contains { $0.means(principal) }
    }
}
