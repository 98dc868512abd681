// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiMessaging
import Logging
import NIOCore
import Testing

@testable import HibikiServer

@Suite final class FolderLockTests {
    private let folder = "/tmp/hibiki-test-\(UInt64.random(in: .min ... .max))"

    init() throws {
        try SystemFile.makeFolder(self.folder)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.folder)
    }

    @Test func `a folder is one server's until that lets it go`() throws {
        let lock = try FolderLock(self.folder)
        let refusal = FolderInUse(folder: self.folder, process: Int(ProcessInfo.processInfo.processIdentifier))
        #expect(throws: refusal) { try FolderLock(self.folder) }
        #expect(
            refusal.description.contains("in use by another process (\(ProcessInfo.processInfo.processIdentifier))"))
        lock.release()
        lock.release()
        let next = try FolderLock(self.folder)
        #expect(throws: refusal) { try FolderLock.ifThere(self.folder) }
        next.release()
    }

    @Test func `a lock that nobody holds any more is none`() throws {
        try Data("4711 and more than a number".utf8).write(to: URL(fileURLWithPath: self.folder + "/lock"))
        try FolderLock(self.folder).release()
        #expect(try String(contentsOfFile: self.folder + "/lock", encoding: .utf8).hasSuffix("\n"))
    }

    @Test func `a folder that is not there is nobody's`() throws {
        #expect(try FolderLock.ifThere(self.folder + "/none") == nil)
    }

    @Test func `a second server in a folder does not start, and leaves what the first has`() async throws {
        var configuration = ServerConfiguration.test()
        configuration.data = self.folder
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        try await RunningServer.with(configuration) { first in
            let state = self.folder + "/restart.state.taken"
            try Data("being read by the first".utf8).write(to: URL(fileURLWithPath: state))
            await #expect(throws: FolderInUse.self) {
                try await HibikiServer(configuration, logger: logger).run()
            }
            #expect(FileManager.default.fileExists(atPath: state))
            #expect(try await first.get("/livez").status == 204)
        }
        // The first one has gone, and its folder is free.
        try await RunningServer.with(configuration) { next in
            let answer = try await next.get("/livez")
            #expect(answer.status == 204)
        }
    }
}
