// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What went wrong with a file, in the system's words.
public struct DiskError: Error, CustomStringConvertible, Sendable {
    public let description: String
    let code: CInt

    init(_ action: String, _ path: String, _ code: CInt = errno) {
        self.code = code
        self.description = "cannot \(action) \(path): \(String(cString: strerror(code)))"
    }

    /// Whether room is what is missing.
    var isFull: Bool { self.code == ENOSPC || self.code == EDQUOT }
}

/// An open file. The calls wait for the disk, so they belong on a thread of a pool. Closed with its last reference.
package final class DiskFile: Sendable {
    package enum Mode {
        case reading
        /// A file that is not there yet.
        case creating
        /// One that keeps what it has; it is made if it is not there.
        case writing

        fileprivate var flags: CInt {
            switch self {
            case .reading: O_RDONLY
            case .creating: O_WRONLY | O_CREAT | O_EXCL
            case .writing: O_WRONLY | O_CREAT
            }
        }
    }

    private let descriptor: CInt
    private let path: String

    package init(_ path: String, _ mode: Mode) throws {
        // A link that somebody has put there leads elsewhere.
        self.descriptor = systemOpen(path, mode.flags | O_CLOEXEC | O_NOFOLLOW)
        self.path = path
        guard self.descriptor >= 0 else { throw DiskError("open", path) }
    }

    deinit {
        if self.descriptor >= 0 { systemClose(self.descriptor) }
    }

    package var size: Int {
        get throws {
            var status = stat()
            guard fstat(self.descriptor, &status) == 0 else { throw DiskError("look at", self.path) }
            return Int(status.st_size)
        }
    }

    /// - Returns: empty at the end of the file.
    package func read(at offset: Int, _ count: Int) throws -> ByteBuffer {
        var bytes = ByteBuffer()
        try bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
            while true {
                let read = pread(self.descriptor, space.baseAddress, min(count, space.count), off_t(offset))
                if read >= 0 { return read }
                guard errno == EINTR else { throw DiskError("read", self.path) }
            }
        }
        return bytes
    }

    package func write(_ bytes: ByteBuffer, at offset: Int) throws {
        var rest = bytes
        var offset = offset
        while rest.readableBytes > 0 {
            let written = rest.withUnsafeReadableBytes {
                pwrite(self.descriptor, $0.baseAddress, $0.count, off_t(offset))
            }
            guard written > 0 else {
                guard written < 0, errno == EINTR else { throw DiskError("write", self.path) }
                continue
            }
            rest.moveReaderIndex(forwardBy: written)
            offset += written
        }
    }

    func truncate(to length: Int) throws {
        guard ftruncate(self.descriptor, off_t(length)) == 0 else { throw DiskError("cut", self.path) }
    }

    /// Returns when the disk has what was written.
    func synchronize() throws {
        guard fsync(self.descriptor) == 0 else { throw DiskError("write", self.path) }
    }
}

/// Names of files. The calls wait for the disk.
enum Disk {
    /// The path from the root on.
    static func absolute(_ path: String) throws -> String {
        guard !path.hasPrefix("/") else { return path }
        guard let here = getcwd(nil, 0) else { throw DiskError("find", path) }
        defer { free(here) }
        return "\(String(cString: here))/\(path)"
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// One that is not there is removed already.
    static func remove(_ path: String) throws {
        guard unlink(path) == 0 || errno == ENOENT else { throw DiskError("remove", path) }
    }

    /// Returns when the disk has the new name.
    static func rename(_ path: String, to other: String) throws {
        guard systemRename(path, other) == 0 else { throw DiskError("rename", path) }
        try self.synchronizeFolder(ofFile: other)
    }

    static func synchronizeFolder(ofFile path: String) throws {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        try DiskFile(folder, .reading).synchronize()
    }

    /// Makes a folder, and those above it, for this user alone. One that is there stays as it is.
    static func makeFolder(_ path: String) throws {
        guard !self.exists(path) else { return }
        if let slash = path.lastIndex(of: "/"), slash > path.startIndex { try self.makeFolder(String(path[..<slash])) }
        guard mkdir(path, S_IRWXU) == 0 || errno == EEXIST else { throw DiskError("make the folder", path) }
    }

    /// Puts bytes where nothing or something else was: at every moment the one or the other is there whole. Durable when it returns.
    static func replace(_ path: String, with bytes: ByteBuffer) throws {
        let draft = "\(path).\(UInt64.random(in: 0 ... .max)).new"
        do {
            let file = try DiskFile(draft, .creating)
            try file.write(bytes, at: 0)
            try file.synchronize()
            try self.rename(draft, to: path)
        } catch {
            try? self.remove(draft)
            throw error
        }
    }

    /// The names in a folder, without those that begin with a dot; none if it is not there.
    static func names(in folder: String) throws -> [String] {
        guard let directory = opendir(folder) else {
            guard errno == ENOENT else { throw DiskError("read", folder) }
            return []
        }
        defer { closedir(directory) }
        var names: [String] = []
        while true {
            // The end and an error look the same otherwise.
            errno = 0
            guard let entry = readdir(directory) else { break }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
                    String(cString: $0)
                }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        guard errno == 0 else { throw DiskError("read", folder) }
        return names
    }
}

// Under names that the methods above do not hide.
private func systemOpen(_ path: String, _ flags: CInt) -> CInt { open(path, flags, S_IRUSR | S_IWUSR) }
private func systemClose(_ descriptor: CInt) { close(descriptor) }
private func systemRename(_ path: String, _ other: String) -> CInt { rename(path, other) }
