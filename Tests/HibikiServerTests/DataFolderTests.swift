// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiMessaging
import Logging
import NIOCore
import Testing

@testable import HibikiServer

@Suite final class DataFolderTests {
    private static let now = Timestamp(milliseconds: 1_000_000)
    private let parent = "/tmp/hibiki-test-\(UInt64.random(in: .min ... .max))"
    private let folder: DataFolder

    init() throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        self.folder = DataFolder(self.parent + "/data", logger: logger)
        try self.folder.prepare()
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.parent)
    }

    private func log(_ epoch: UInt32) throws -> MemoryEventLog {
        let log = MemoryEventLog(epoch: Epoch(epoch))
        let draft = Draft(topic: try Topic("a"), event: "e", payload: ByteBuffer(string: "1"))
        _ = try log.append(draft, at: Self.now) { _ in }
        return log
    }

    private func epoch() throws -> Epoch? {
        let topic = try Topic("a")
        return self.folder.take(retention: LogRetention(), at: Self.now)?.log
            .read(topic, from: .latest, limit: 0, at: Self.now).end.epoch
    }

    @Test func `what was saved is taken once`() throws {
        #expect(try self.epoch() == nil)
        self.folder.save(try self.log(7), [])
        #expect(try self.epoch() == Epoch(7))
        #expect(try self.epoch() == nil)
    }

    @Test func `what was taken is there again after a start that failed`() throws {
        self.folder.save(try self.log(7), [])
        #expect(try self.epoch() == Epoch(7))
        self.folder.putBack()
        #expect(try self.epoch() == Epoch(7))
        self.folder.started()
        self.folder.putBack()
        #expect(try self.epoch() == nil)
    }

    @Test func `a second stop takes the place of the first`() throws {
        self.folder.save(try self.log(7), [])
        self.folder.save(try self.log(8), [])
        #expect(try self.epoch() == Epoch(8))
    }

    @Test func `a log of many portions comes back as it was`() throws {
        let log = MemoryEventLog(epoch: Epoch(7))
        let payload = ByteBuffer(repeating: UInt8(ascii: "1"), count: 400_000)
        for _ in 0..<10 {
            _ = try log.append(Draft(topic: try Topic("a"), event: "e", payload: payload), at: Self.now) { _ in }
        }
        self.folder.save(log, [])
        let restored = try #require(self.folder.take(retention: LogRetention(), at: Self.now)?.log)
        #expect(restored.size == log.size)
        let slice = restored.read(try Topic("a"), from: .earliest, limit: 100, at: Self.now)
        #expect(slice.publications.count == 10)
        #expect(slice.publications.allSatisfy { $0.payload == payload })
    }
}
