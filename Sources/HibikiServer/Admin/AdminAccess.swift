// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTransports
import Logging
import NIOPosix
import Synchronization

/// Who may use the dashboard: whoever has shown its password, for a while.
final class AdminAccess: Reloadable {
    enum Login: Equatable {
        case open(session: String, lifetime: Duration)
        case wrong
        /// Too many wrong ones: to be tried again after so long.
        case wait(Duration)
        /// Others are being checked, which takes memory.
        case busy
    }

    private struct State {
        var password: AdminPassword?
        var lifetime: Duration
        var sessions = AdminSessions()
        var throttle = LoginThrottle()
        var checks = 0
    }

    /// Passwords that are checked at the same time, at 32 MiB each.
    private static let checks = 2

    private let state: Mutex<State>
    private let logger: Logger

    init(_ configuration: AdminConfiguration, logger: Logger) {
        self.state = Mutex(State(password: configuration.password, lifetime: configuration.sessionLifetime))
        self.logger = logger
    }

    /// Whether there is a dashboard.
    var isOn: Bool { self.state.withLock { $0.password != nil } }

    /// How long a session still counts; `nil` for none.
    func timeLeft(of session: String?) -> Duration? {
        guard let session else { return nil }
        return self.state.withLock { $0.sessions.timeLeft(of: session, at: .now) }
    }

    func logOut(_ session: String) {
        self.state.withLock { $0.sessions.end(session) }
        self.logger.notice("somebody has left the dashboard")
    }

    /// - Parameter address: whose wrong tries are counted.
    func logIn(_ password: String, from address: String) async -> Login {
        let account = Self.account(of: address)
        let known: AdminPassword
        switch self.begin(account) {
        case .success(let password): known = password
        case .failure(let refusal): return refusal.login
        }
        let matches = (try? await NIOThreadPool.singleton.runIfActive { known.matches(password) }) ?? false
        let result = self.end(account, matches: matches, known: known)
        switch result {
        case .open: self.logger.notice("somebody has entered the dashboard", metadata: ["address": "\(address)"])
        default: self.logger.warning("a wrong password for the dashboard", metadata: ["address": "\(address)"])
        }
        return result
    }

    private struct Refusal: Error {
        let login: Login
    }

    private func begin(_ account: String) -> Result<AdminPassword, Refusal> {
        self.state.withLock { state in
            guard let password = state.password else { return .failure(Refusal(login: .wrong)) }
            if let wait = state.throttle.wait(of: account, at: .now) { return .failure(Refusal(login: .wait(wait))) }
            guard state.checks < Self.checks else { return .failure(Refusal(login: .busy)) }
            state.checks += 1
            state.throttle.tries(account, at: .now)
            return .success(password)
        }
    }

    private func end(_ account: String, matches: Bool, known: AdminPassword) -> Login {
        self.state.withLock { state in
            state.checks -= 1
            // The password may have changed meanwhile.
            guard matches, state.password == known else { return .wrong }
            state.throttle.succeeded(account)
            var generator = SystemRandomNumberGenerator()
            let id = state.sessions.begin(at: .now, lifetime: state.lifetime, using: &generator)
            return .open(session: id, lifetime: state.lifetime)
        }
    }

    /// A provider hands a customer 2^64 addresses of IPv6, so they count as one.
    private static func account(of address: String) -> String {
        NetworkAddress(address)?.networkText ?? address
    }

    func reload(_ configuration: ServerConfiguration) async {
        let hasChanged = self.state.withLock { state in
            state.lifetime = configuration.admin.sessionLifetime
            guard state.password != configuration.admin.password else { return false }
            state.password = configuration.admin.password
            state.sessions.endAll()
            return true
        }
        if hasChanged {
            self.logger.notice("the password of the dashboard has changed, and everybody has to log in again")
        }
    }
}
