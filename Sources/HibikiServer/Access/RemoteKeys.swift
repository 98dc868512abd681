// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import Logging
import NIOCore

/// The keys of a JSON Web Key Set that somebody else publishes (RFC 7517 §5).
///
/// They are fetched when the first token comes, and again when they are old or a token names a key that is not there; but never
/// twice at a time, nor more often than every ``Times/pause``, whatever tokens come: whoever sends many with invented names
/// would have this server attack the other one.
actor RemoteKeys {
    /// Fetches the text of the set.
    typealias Fetch = @Sendable () async throws -> ByteBuffer

    struct Times: Sendable {
        /// After so long the keys are fetched again; until they are there, the old ones count.
        var refresh: Duration = .seconds(600)
        /// The shortest time between two attempts.
        var pause: Duration = .seconds(10)
        /// The longest that keys count that could not be fetched again: a key that was withdrawn must not count for ever.
        var longest: Duration = .seconds(86_400)
    }

    private let fetch: Fetch
    private let times: Times
    private let logger: Logger
    private var keys: [TokenKey] = []
    private var fetched: Timestamp?
    private var attempted: Timestamp?
    private var attempt: Task<Void, Never>?

    init(times: Times = Times(), logger: Logger, fetch: @escaping Fetch) {
        self.times = times
        self.logger = logger
        self.fetch = fetch
    }

    /// The keys that a token may have been signed with; none if there is no such key.
    func keys(for header: TokenText.Header, at now: Timestamp) async throws(AuthenticationFailure) -> [TokenKey] {
        let isOld = self.fetched.map { now.since($0) >= self.times.refresh } ?? true
        let known = self.known(header, at: now)
        if isOld || known.isEmpty {
            let attempt = self.begin(at: now)
            guard known.isEmpty else { return known }
            await attempt?.value
        }
        guard let fetched = self.fetched, now.since(fetched) < self.times.longest else { throw .unavailable }
        return self.known(header, at: now)
    }

    private func known(_ header: TokenText.Header, at now: Timestamp) -> [TokenKey] {
        guard let fetched = self.fetched, now.since(fetched) < self.times.longest else { return [] }
        return self.keys.filter { $0.suits(header) }
    }

    /// The attempt that is under way, or a new one; `nil` if it is too early for that.
    private func begin(at now: Timestamp) -> Task<Void, Never>? {
        if let attempt = self.attempt { return attempt }
        if let attempted = self.attempted, now.since(attempted) < self.times.pause { return nil }
        self.attempted = now
        let attempt = Task { await self.refresh(at: now) }
        self.attempt = attempt
        return attempt
    }

    private func refresh(at now: Timestamp) async {
        defer { self.attempt = nil }
        do {
            let keys = try await Self.keys(in: self.fetch())
            guard !keys.isEmpty else { throw TokenKey.Problem(description: "no key in the set can be used") }
            self.keys = keys
            self.fetched = now
        } catch {
            self.logger.warning("the keys of tokens cannot be fetched", metadata: ["error": "\(error)"])
        }
    }

    /// The most keys that are looked at.
    private static let mostKeys = 64

    /// Those of a set that can be used. The others are left out: a set may have keys for other things.
    static func keys(in text: ByteBuffer) async throws -> [TokenKey] {
        var keys: [TokenKey] = []
        for json in try self.texts(in: text).prefix(self.mostKeys) {
            if let key = await TokenKey.jwk(json: json) { keys.append(key) }
        }
        return keys
    }

    private static func texts(in text: ByteBuffer) throws -> [String] {
        guard text.isValidUTF8 else { throw TokenKey.Problem(description: "the key set is not UTF-8") }
        return try text.withJSONScanner { scanner in
            var texts: [String] = []
            try scanner.enterObject()
            while let name = try scanner.nextMember() {
                guard "keys" ~= name else {
                    try scanner.readValue()
                    continue
                }
                try scanner.enterArray()
                while try scanner.nextElement() {
                    let range = try scanner.readValue().range
                    texts.append(text.getString(at: text.readerIndex + range.lowerBound, length: range.count) ?? "")
                }
            }
            try scanner.finish()
            return texts
        }
    }
}
