// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Logging
import Testing

@testable import HibikiServer

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

@Suite struct `The secret that a server makes itself` {
    private static func folder() -> String {
        "/tmp/hibiki-tests-\(UInt64.random(in: 0 ... .max))"
    }

    private static func remove(_ folder: String, _ path: String) {
        unlink(path)
        rmdir(folder + "/deep")
        rmdir(folder)
    }

    @Test func `is made once, by one of many, and nobody else can read it`() async throws {
        let folder = Self.folder()
        let made = try await withThrowingTaskGroup(of: (path: String, isNew: Bool).self) { group in
            for _ in 0..<16 { group.addTask { try SecretFile.makeUnlessThere(in: folder + "/deep") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let path = try #require(made.first?.path)
        defer { Self.remove(folder, path) }
        #expect(made.count { $0.isNew } == 1)
        #expect(try SecretFile.read(path).count == 43)
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test func `signs tokens that the next server takes`() async throws {
        let folder = Self.folder()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let first = try await TokenConfiguration().makeAuthenticator(dataFolder: folder, logger: logger)
        let path = try SecretFile.makeUnlessThere(in: folder).path
        defer { Self.remove(folder, path) }
        let token = try await TokenDraft(subject: "alice").signed(
            with: SecretFile.key(path), at: .init(milliseconds: 0))
        let second = try await TokenConfiguration().makeAuthenticator(dataFolder: folder, logger: logger)
        for server in [first, second] {
            #expect(try await server.principal(of: token, at: .init(milliseconds: 0)).id == "alice")
        }
    }

    @Test func `is not needed to serve: where none can be kept, tokens are refused`() async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        _ = try await TokenConfiguration().makeAuthenticator(dataFolder: "/dev/null/nowhere", logger: logger)
    }

    @Test func `is long enough, or it is none`() async throws {
        await #expect(throws: TokenKey.Problem.self) { try await TokenKey.secret(Array("short".utf8)) }
        await #expect(throws: TokenKey.Problem.self) { try await TokenKey.publicKey(pem: "no key") }
        await #expect(throws: SecretFile.Problem.self) { try await SecretFile.key("/nowhere/at/all") }
    }
}
