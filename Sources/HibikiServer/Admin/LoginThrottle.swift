// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// How often an address may try a password: some times at once, then at ever longer intervals.
struct LoginThrottle {
    /// Wrong passwords of an address before it has to wait.
    static let freeTries = 5
    /// The first wait; each wrong password after it doubles it.
    static let firstWait: Duration = .seconds(2)
    static let longestWait: Duration = .seconds(900)
    /// Wrong passwords are forgotten after so long without another.
    static let memory: Duration = .seconds(3_600)
    /// Addresses that are remembered. Beyond it all others share one account, which whoever has many addresses cannot avoid.
    static let addresses = 4_096

    private struct Account {
        var failures = 0
        var last: ContinuousClock.Instant
        var next: ContinuousClock.Instant
    }

    private static let others = ""
    private var accounts: [String: Account] = [:]

    /// How long an address has to wait; `nil` if it may try now.
    func wait(of address: String, at now: ContinuousClock.Instant) -> Duration? {
        guard let account = self.accounts[self.key(address)], account.next > now else { return nil }
        return now.duration(to: account.next)
    }

    /// Counts a try before it is known to be right, so that many at once gain nothing; ``succeeded(_:)`` takes it back.
    mutating func tries(_ address: String, at now: ContinuousClock.Instant) {
        self.forget(before: now)
        let key = self.key(address)
        var account = self.accounts[key] ?? Account(last: now, next: now)
        account.failures += 1
        account.last = now
        if account.failures >= Self.freeTries {
            let doublings = min(account.failures - Self.freeTries, 16)
            account.next = now + min(Self.firstWait * (1 << doublings), Self.longestWait)
        }
        self.accounts[key] = account
    }

    mutating func succeeded(_ address: String) {
        self.accounts[self.key(address)] = nil
    }

    private mutating func forget(before now: ContinuousClock.Instant) {
        guard self.accounts.count >= Self.addresses else { return }
        self.accounts = self.accounts.filter { $0.value.last + Self.memory > now }
    }

    private func key(_ address: String) -> String {
        let isKnown = self.accounts[address] != nil || self.accounts.count < Self.addresses
        return isKnown ? address : Self.others
    }
}
