// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Crypto
import HibikiMessaging

/// Who has shown the password of the dashboard, and until when that counts.
///
/// Sessions are found by the hash of their id: how long a search takes says nothing about an id, and what is kept cannot be used
/// as one.
struct AdminSessions {
    /// More are not kept; the oldest ends.
    static let limit = 64
    private static let idBytes = 32

    private struct Session {
        var began: ContinuousClock.Instant
        var ends: ContinuousClock.Instant
    }

    private var sessions: [SHA256Digest: Session] = [:]

    var count: Int { self.sessions.count }

    /// - Parameter lifetime: how long it counts, used or not.
    /// - Returns: its id, which nobody can guess.
    mutating func begin(
        at now: ContinuousClock.Instant, lifetime: Duration, using generator: inout some RandomNumberGenerator
    ) -> String {
        self.sessions = self.sessions.filter { $0.value.ends > now }
        if self.sessions.count >= Self.limit, let oldest = self.sessions.min(by: { $0.value.began < $1.value.began }) {
            self.sessions[oldest.key] = nil
        }
        let id = Base64URL.encode((0..<Self.idBytes).map { _ in UInt8.random(in: 0...255, using: &generator) })
        self.sessions[Self.key(id)] = Session(began: now, ends: now + lifetime)
        return id
    }

    /// How long a session still counts; `nil` for none.
    func timeLeft(of id: String, at now: ContinuousClock.Instant) -> Duration? {
        guard let session = self.sessions[Self.key(id)], session.ends > now else { return nil }
        return now.duration(to: session.ends)
    }

    mutating func end(_ id: String) {
        self.sessions[Self.key(id)] = nil
    }

    mutating func endAll() {
        self.sessions = [:]
    }

    private static func key(_ id: String) -> SHA256Digest {
        SHA256.hash(data: Array(id.utf8))
    }
}
