// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import Foundation
internal import HibikiSQL

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// What is done with a file beside what SQLite does with it.
enum SQLiteFile {
    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    /// Makes it for its owner alone, before anything is in it, unless it is there. SQLite gives its log the same mode.
    static func prepare(_ path: String) throws(SQLError) {
        guard !self.exists(path) else { return }
        let descriptor = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw self.failure("it cannot be made") }
        close(descriptor)
    }

    static func remove(_ path: String) throws(SQLError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw self.failure("\(path) cannot be removed") }
    }

    /// A second name for the file.
    static func addName(to path: String, _ name: String) throws(SQLError) {
        guard link(path, name) == 0 else { throw self.failure("\(name) cannot be made") }
    }

    /// Puts it in the place of what is there, in one step, and returns when the disk knows.
    static func move(_ path: String, onto target: String) throws(SQLError) {
        guard rename(path, target) == 0 else { throw self.failure("\(target) cannot be put in its place") }
        let folder = open(URL(fileURLWithPath: target).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    /// Gives a file the owner and the mode of another one, or the owner of a folder: what root restores is for the service.
    /// Only root gives files away.
    static func adopt(_ path: String, asOf model: String) throws(SQLError) {
        var status = stat()
        guard stat(model, &status) == 0 else { throw self.failure("\(model) cannot be looked at") }
        let isFolder = status.st_mode & S_IFMT == S_IFDIR
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw self.failure("\(path) cannot be opened") }
        defer { close(descriptor) }
        guard fchmod(descriptor, isFolder ? 0o600 : status.st_mode & 0o777) == 0 else {
            throw self.failure("\(path) cannot get the mode of \(model)")
        }
        guard geteuid() != 0 || fchown(descriptor, status.st_uid, status.st_gid) == 0 else {
            throw self.failure("\(path) cannot get the owner of \(model)")
        }
    }

    static func size(_ path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }

    private static func failure(_ what: String) -> SQLError {
        SQLError(.unavailable, "\(what): \(String(cString: strerror(errno)))")
    }
}
