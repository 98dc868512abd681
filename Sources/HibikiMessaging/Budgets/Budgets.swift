// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
package import NIOCore
import Synchronization

/// The budgets in effect, and what principals have left of theirs.
public final class Budgets: Sendable {
    private struct Principals {
        var unlimited: [PermissionRule.Holder] = []
        var table = BucketTable<String>()
    }

    let principal = LiveRates(messages: .messagesOfPrincipal, bytes: .bytesOfPrincipal, joins: .joinsOfPrincipal)
    let connection = LiveRates(messages: .messagesOfConnection, bytes: .bytesOfConnection, joins: .joinsOfConnection)
    let address = LiveRates(messages: .messagesOfAddress, bytes: .bytesOfAddress, joins: .joinsOfAddress)
    let connectsOfPrincipal = LiveBudget(.connectsOfPrincipal)
    let connectsOfAddress = LiveBudget(.connectsOfAddress)
    let connects = LiveBudget(.connects)
    let failedTokens = LiveBudget(.failedTokens)
    let refusals = LiveBudget(.refusals)
    private let hasLimits = Atomic(false)
    private let principals = Mutex(Principals())
    private static let unlimited = SharedBuckets(isUnlimited: true)

    public init(_ configuration: BudgetConfiguration = .off) {
        self.set(configuration)
    }

    /// Takes other limits, for everybody who is here too.
    public func set(_ configuration: BudgetConfiguration) {
        for name in BudgetName.allCases { self.with(name) { $0.set(configuration[name]) } }
        self.principals.withLock { $0.unlimited = configuration.unlimited }
        self.hasLimits.store(BudgetName.allCases.contains { !configuration[$0].isOff }, ordering: .relaxed)
    }

    /// Whether anything is limited. If not, nobody needs to look at a clock.
    package var isOn: Bool { self.hasLimits.load(ordering: .relaxed) }

    /// How often a budget was found spent.
    package func refusals(of name: BudgetName) -> Int {
        self.with(name) { $0.refusals }
    }

    package func pace(of name: BudgetName) -> TokenBucket.Pace {
        self.with(name) { $0.pace }
    }

    /// What a principal has left, for whoever acts for it to hold as long as it does; `nil` for nobody whom we know. API keys are
    /// those of the operator's own back ends, which have no limits.
    package func buckets(of principal: Principal, at now: NIODeadline) -> SharedBuckets? {
        guard self.isOn, let id = principal.id else { return nil }
        guard principal.key == nil else { return Self.unlimited }
        return self.principals.withLock { principals in
            guard !principals.unlimited.contains(where: { $0.means(principal) }) else { return Self.unlimited }
            return principals.table.buckets(of: id, at: now)
        }
    }

    func refusal(_ name: BudgetName, wait: Int64) -> BudgetRefusal {
        self.with(name) { $0.refuse(wait: wait) }
    }

    func countRefusal(of name: BudgetName) {
        _ = self.refusal(name, wait: 0)
    }

    // MARK: Tokens that are no good

    /// Whether an address may try another token.
    ///
    /// - Parameter address: `nil` where addresses do not count.
    package func refusesTokens(of address: SharedBuckets?, at now: @autoclosure () -> NIODeadline) -> BudgetRefusal? {
        guard let address, self.failedTokens.pace.isLimit else { return nil }
        let wait = address.failedTokens.value.wait(self.failedTokens.pace, at: now().nanoseconds)
        return wait > 0 ? self.failedTokens.refuse(wait: wait) : nil
    }

    /// Takes note of how a token was received. One that has run out was good once, and nobody has guessed it.
    package func tokenFailed(
        _ failure: AuthenticationFailure, of address: SharedBuckets?, at now: @autoclosure () -> NIODeadline
    ) {
        guard failure.code == .invalidToken, self.failedTokens.pace.isLimit else { return }
        address?.failedTokens.spend(1, self.failedTokens.pace, at: now().nanoseconds)
    }

    // MARK: Connections

    /// Takes a token for a connection, in all and of its address.
    ///
    /// - Parameters:
    ///   - all: the bucket of all connections.
    ///   - address: `nil` where the address is a proxy's, and speaks for many.
    package func connect(_ all: inout TokenBucket, _ address: SharedBuckets?, at now: NIODeadline) -> BudgetRefusal? {
        let now = now.nanoseconds
        if let address {
            let wait = address.connects.value.wait(self.connectsOfAddress.pace, at: now)
            guard wait == 0 else { return self.connectsOfAddress.refuse(wait: wait) }
        }
        // Those that one address has too many of cost the others nothing.
        let wait = all.wait(self.connects.pace, at: now)
        guard wait == 0 else { return self.connects.refuse(wait: wait) }
        all.spend(1, self.connects.pace, at: now)
        address?.connects.spend(1, self.connectsOfAddress.pace, at: now)
        return nil
    }

    /// The same for a connection that a proxy has made, and that is counted among all already.
    package func connectBehindProxy(_ address: SharedBuckets, at now: NIODeadline) -> BudgetRefusal? {
        let now = now.nanoseconds
        let wait = address.connects.value.wait(self.connectsOfAddress.pace, at: now)
        guard wait == 0 else { return self.connectsOfAddress.refuse(wait: wait) }
        address.connects.spend(1, self.connectsOfAddress.pace, at: now)
        return nil
    }

    private func with<Result>(_ name: BudgetName, _ body: (borrowing LiveBudget) -> Result) -> Result {
        switch name {
        case .messagesOfPrincipal: body(self.principal.messages)
        case .messagesOfConnection: body(self.connection.messages)
        case .messagesOfAddress: body(self.address.messages)
        case .bytesOfPrincipal: body(self.principal.bytes)
        case .bytesOfConnection: body(self.connection.bytes)
        case .bytesOfAddress: body(self.address.bytes)
        case .joinsOfPrincipal: body(self.principal.joins)
        case .joinsOfConnection: body(self.connection.joins)
        case .joinsOfAddress: body(self.address.joins)
        case .connectsOfPrincipal: body(self.connectsOfPrincipal)
        case .connectsOfAddress: body(self.connectsOfAddress)
        case .connects: body(self.connects)
        case .failedTokens: body(self.failedTokens)
        case .refusals: body(self.refusals)
        }
    }
}
