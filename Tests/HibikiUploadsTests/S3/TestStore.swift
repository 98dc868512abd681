// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiMessaging
import HibikiTestSupport
import NIOCore
import NIOPosix

@testable import HibikiS3

/// moto's server on a port of its own, with one bucket; it ends with the last reference.
///
/// The program is `HIBIKI_MOTO`, or where the conformance suites put it.
final class TestStore: Sendable {
    struct Unavailable: Error {}

    private static let program: String? = {
        let root = URL(filePath: #filePath).appending(path: "../../../..").standardized.path
        let places = [
            ProcessInfo.processInfo.environment["HIBIKI_MOTO"] ?? "", "\(root)/.cache/uploads/venv/bin/moto_server",
        ]
        return places.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    static var isInstalled: Bool { self.program != nil }

    private let process: ChildProcess
    let configuration: S3Configuration

    init() async throws {
        guard let program = Self.program else { throw Unavailable() }
        let port = try await Self.freePort()
        self.process = try ChildProcess([program, "-H", "127.0.0.1", "-p", "\(port)"])
        var configuration = S3Configuration(
            endpoint: "http://127.0.0.1:\(port)", region: "us-east-1", bucket: "box",
            credentials: S3Credentials(accessKey: "key", secretKey: "secret"))
        configuration.partBytes = 5 << 20
        self.configuration = configuration
        try await self.makeBucket()
    }

    deinit {
        // It has nothing to save, and a test does not wait for it.
        kill(self.process.id, SIGKILL)
        Task { [process] in await process.wait() }
    }

    func store(_ change: (inout S3Configuration) -> Void = { _ in }) -> S3BlobStore {
        var configuration = self.configuration
        change(&configuration)
        return S3BlobStore(configuration, now: { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) })
    }

    private static func freePort() async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port
        try await channel.close()
        guard let port else { throw Unavailable() }
        return port
    }

    /// Until the server listens, which no output of it says.
    private func makeBucket() async throws {
        let client = self.store { $0.attempts = 1 }.client
        var request = client.request("PUT", "")
        request.path = "/box"
        for _ in 0..<600 {
            if (try? await client.send(request, statuses: [200])) != nil { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw Unavailable()
    }
}
