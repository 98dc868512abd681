// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Logging
import NIOCore
import Synchronization
import Testing

@testable import HibikiServer

@Suite(.timeLimit(.minutes(1))) struct `Keys that somebody else publishes` {
    /// An Ed25519 key of RFC 8037, appendix A.2.
    private static let set = """
        {"keys":[{"kty":"oct","kid":"secret","k":"AAAA"},{"kty":"EC","crv":"secp256k1","kid":"coin","x":"AA","y":"AA"},
        {"kty":"OKP","crv":"Ed25519","kid":"one","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}
        """
    private static let now = Timestamp(milliseconds: 1_700_000_000_000)

    private static func header(_ id: String?) -> TokenText.Header {
        TokenText.Header(algorithm: "EdDSA", keyID: id)
    }

    private static func keys(of source: Source) -> RemoteKeys {
        RemoteKeys(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }) { try await source.fetch() }
    }

    @Test func `are those of the set that can be used, and nothing else in it disturbs`() async throws {
        let found = try await RemoteKeys.keys(in: ByteBuffer(string: Self.set))
        #expect(found.map(\.id) == ["one"])
        #expect(found.first?.algorithmName == "EdDSA")
    }

    @Test func `are fetched once, however many tokens come at the same time`() async throws {
        let source = Source(Self.set)
        let keys = Self.keys(of: source)
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<200 { group.addTask { try await keys.keys(for: Self.header("one"), at: Self.now).count } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts == Array(repeating: 1, count: 200))
        #expect(source.count == 1)
    }

    @Test func `are not fetched for every name that somebody invents`() async throws {
        let source = Source(Self.set)
        let keys = Self.keys(of: source)
        for number in 0..<100 {
            #expect(try await keys.keys(for: Self.header("invented-\(number)"), at: Self.now).isEmpty)
        }
        #expect(source.count == 1)
        _ = try await keys.keys(for: Self.header("invented"), at: Self.now.advanced(by: .seconds(10)))
        #expect(source.count == 2)
    }

    @Test func `count on while they cannot be fetched, but not for ever`() async throws {
        let source = Source(Self.set)
        let keys = Self.keys(of: source)
        _ = try await keys.keys(for: Self.header("one"), at: Self.now)
        source.fail()
        let soon = Self.now.advanced(by: .seconds(3_600))
        #expect(try await keys.keys(for: Self.header("one"), at: soon).count == 1)
        let late = Self.now.advanced(by: .seconds(86_400))
        await #expect(throws: AuthenticationFailure.unavailable) {
            try await keys.keys(for: Self.header("one"), at: late)
        }
    }

    @Test func `that were never there are not the client's fault`() async throws {
        let source = Source("no JSON")
        let keys = Self.keys(of: source)
        for _ in 0..<3 {
            await #expect(throws: AuthenticationFailure.unavailable) {
                try await keys.keys(for: Self.header("one"), at: Self.now)
            }
        }
        #expect(source.count == 1)
    }
}

/// Somebody who publishes keys, and counts how often they are asked for.
private final class Source: Sendable {
    private let state: Mutex<(text: String, count: Int)>

    init(_ text: String) {
        self.state = Mutex((text, 0))
    }

    var count: Int { self.state.withLock { $0.count } }

    func fail() {
        self.state.withLock { $0.text = "" }
    }

    func fetch() async throws -> ByteBuffer {
        for _ in 0..<100 { await Task.yield() }
        return self.state.withLock { state in
            state.count += 1
            return ByteBuffer(string: state.text)
        }
    }
}
