// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIO
import Logging
import NIOCore

/// Where the server keeps what is to outlive it: the log and the sessions of Socket.IO, from an orderly stop to the next start.
///
/// `restart.state` is written by a stop, and is there only between that and the next start, which takes it out of the way before a
/// port is open. So after a crash there is none, and the log begins with a new epoch: positions that were given out since the
/// file was written can not be mistaken for others.
struct DataFolder: Sendable {
    private static let stateName = "restart.state"

    let path: String
    private let logger: Logger

    init(_ path: String, logger: Logger) {
        self.path = path
        self.logger = logger
    }

    private var state: String { "\(self.path)/\(Self.stateName)" }
    /// The state that a start has read, until its port is open.
    private var taken: String { self.state + ".taken" }
    private var damaged: String { self.state + ".damaged" }
    private var unfinished: String { self.state + ".new" }

    /// Makes the folder, for this user alone, if it is not there.
    func prepare() throws {
        try SystemFile.makeFolder(self.path)
    }

    // MARK: Starting

    /// Reads what the last stop has left, and takes it out of the way. `nil` if there is nothing, or nothing that can be used,
    /// which the log of the program says.
    func take(retention: LogRetention, at now: Timestamp) -> (log: MemoryEventLog, namespaces: [SavedNamespace])? {
        guard SystemFile.exists(self.state) else {
            // What a start has taken that did not get far enough to forget it is of no use to the next.
            SystemFile.remove(self.taken)
            return nil
        }
        do {
            // First: what could not be moved away would be read again after a crash.
            try SystemFile.rename(self.state, to: self.taken)
        } catch {
            self.logger.error("the saved state is not used", metadata: ["file": "\(self.state)", "error": "\(error)"])
            return nil
        }
        do {
            let saved = try self.read(self.taken, retention: retention)
            let log = try MemoryEventLog(saved.log, retention: retention, at: now)
            self.logger.info(
                "the log goes on where it was stopped",
                metadata: [
                    "topics": "\(log.size.topics)", "events": "\(log.size.publications)",
                    "sessions": "\(saved.namespaces.all.reduce(0) { $0 + $1.sessions.count })",
                ])
            return (log, saved.namespaces.all)
        } catch {
            try? SystemFile.rename(self.taken, to: self.damaged)
            self.logger.error(
                "the saved state is damaged and was set aside; the log begins anew, and clients are told of a gap",
                metadata: ["file": "\(self.damaged)", "error": "\(error)"])
            return nil
        }
    }

    private func read(
        _ path: String, retention: LogRetention
    ) throws -> (log: SavedLog, namespaces: SavedNamespaces) {
        var log = SavedLog(retention: retention)
        var namespaces = SavedNamespaces()
        var reader = SavedStateReader()
        let file = try SystemFile(reading: path)
        defer { file.close() }
        while let bytes = try file.read() {
            reader.append(bytes)
            while let record = try reader.next() {
                guard try log.restore(record) || namespaces.restore(record) else {
                    throw DamagedState("it has a record of another version")
                }
            }
        }
        try reader.finish()
        try log.finish()
        return (log, namespaces)
    }

    /// The port is open: from now on positions are given out that the file does not know.
    func started() {
        SystemFile.remove(self.taken)
    }

    /// The server could not start: the next attempt is to find what this one has taken.
    func putBack() {
        guard SystemFile.exists(self.taken) else { return }
        try? SystemFile.rename(self.taken, to: self.state)
    }

    // MARK: Stopping

    /// Writes the file in one step: whatever happens meanwhile, it is there as a whole or not at all.
    func save(_ log: MemoryEventLog, _ namespaces: [SavedNamespace]) {
        do {
            try self.write(log, namespaces)
            self.logger.info(
                "the log is saved", metadata: ["events": "\(log.size.publications)", "file": "\(self.state)"])
        } catch {
            SystemFile.remove(self.unfinished)
            self.logger.error(
                "the log cannot be saved; it will begin anew, and clients will be told of a gap",
                metadata: ["file": "\(self.state)", "error": "\(error)"])
        }
    }

    private func write(_ log: MemoryEventLog, _ namespaces: [SavedNamespace]) throws {
        let file = try SystemFile(creating: self.unfinished)
        defer { file.close() }
        var writer = SavedStateWriter()
        var bytes = ByteBuffer()
        func write(_ record: SavedRecord) throws {
            writer.write(record, to: &bytes)
            guard bytes.readableBytes >= SystemFile.portion else { return }
            try file.write(bytes)
            bytes.clear()
        }
        try log.save(write)
        for namespace in namespaces {
            try namespace.save(write)
        }
        writer.end(to: &bytes)
        try file.write(bytes)
        try file.synchronize()
        try SystemFile.rename(self.unfinished, to: self.state)
        try SystemFile.synchronizeFolder(self.path)
    }
}
