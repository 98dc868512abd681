// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What went wrong with a file, in the system's words.
struct FileError: Error, CustomStringConvertible {
    let description: String

    init(_ action: String, _ path: String, _ code: CInt = errno) {
        self.description = "cannot \(action) \(path): \(String(cString: strerror(code)))"
    }
}

/// A file, read or written from its beginning to its end. The calls wait for the disk.
struct SystemFile {
    /// Bytes that are read or written at once.
    static let portion = 1 << 20

    private let descriptor: CInt
    private let path: String

    init(reading path: String) throws {
        self.descriptor = open(path, O_RDONLY | O_CLOEXEC)
        self.path = path
        guard self.descriptor >= 0 else { throw FileError("read", path) }
    }

    /// A new and empty file, for this user alone.
    init(creating path: String) throws {
        // A link that somebody has left there must not lead elsewhere.
        unlink(path)
        self.descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        self.path = path
        guard self.descriptor >= 0 else { throw FileError("write", path) }
    }

    /// - Returns: `nil` at the end.
    func read() throws -> ByteBuffer? {
        var bytes = ByteBuffer()
        let count = try bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.portion) { space in
            let count = systemRead(self.descriptor, space)
            guard count >= 0 else { throw FileError("read", self.path) }
            return count
        }
        return count > 0 ? bytes : nil
    }

    func write(_ bytes: ByteBuffer) throws {
        var rest = bytes
        while rest.readableBytes > 0 {
            let count = rest.withUnsafeReadableBytes { systemWrite(self.descriptor, $0) }
            guard count > 0 else { throw FileError("write", self.path) }
            rest.moveReaderIndex(forwardBy: count)
        }
    }

    /// Returns when the disk has what was written.
    func synchronize() throws {
        guard fsync(self.descriptor) == 0 else { throw FileError("write", self.path) }
    }

    func close() {
        systemClose(self.descriptor)
    }

    // MARK: Names

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func remove(_ path: String) {
        unlink(path)
    }

    static func rename(_ path: String, to other: String) throws {
        guard systemRename(path, other) == 0 else { throw FileError("rename", path) }
    }

    /// Makes a folder, and those above it, for this user alone. One that is there stays as it is.
    static func makeFolder(_ path: String) throws {
        var end = path.startIndex
        while end < path.endIndex {
            end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
            guard mkdir(String(path[..<end]), 0o700) != 0, errno != EEXIST, end == path.endIndex else { continue }
            throw FileError("make the folder", path)
        }
        guard access(path, R_OK | W_OK | X_OK) == 0 else { throw FileError("use the folder", path) }
    }

    /// Returns when the disk has the names of a folder.
    static func synchronizeFolder(_ path: String) throws {
        let folder = try SystemFile(reading: path)
        defer { folder.close() }
        try folder.synchronize()
    }
}

/// Under names that the methods above do not hide.
private func systemRead(_ descriptor: CInt, _ space: UnsafeMutableRawBufferPointer) -> Int {
    read(descriptor, space.baseAddress, space.count)
}

private func systemWrite(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}

private func systemClose(_ descriptor: CInt) {
    close(descriptor)
}

private func systemRename(_ path: String, _ other: String) -> CInt {
    rename(path, other)
}
