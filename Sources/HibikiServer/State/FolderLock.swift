// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Keeps a data folder for one process: a lock on the file `lock` in it, which ends with the process, however that ends.
///
/// The file says which process has it, and stays when the lock has gone: whoever took it away could take it from somebody who has
/// just locked it.
public final class FolderLock: Sendable {
    private static let name = "lock"

    private let descriptor: Mutex<CInt?>

    /// - Throws: ``FolderInUse`` if another process has the folder, or this one already.
    public init(_ folder: String) throws {
        let path = "\(folder)/\(Self.name)"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FileError("write", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            defer { close(descriptor) }
            guard code == EWOULDBLOCK else { throw FileError("lock", path, code) }
            throw FolderInUse(folder: folder, process: Self.readProcess(descriptor))
        }
        Self.giveToOwner(of: folder, descriptor)
        Self.writeProcess(descriptor)
        self.descriptor = Mutex(descriptor)
    }

    /// The same for a folder that may not be there, and is then nobody's.
    public static func ifThere(_ folder: String) throws -> FolderLock? {
        SystemFile.exists(folder) ? try FolderLock(folder) : nil
    }

    /// Lets others have the folder. Doing it again does nothing.
    public func release() {
        guard let descriptor = self.descriptor.withLock({ $0.take() }) else { return }
        close(descriptor)
    }

    deinit { self.release() }

    /// What root has made is to be of use to the service.
    private static func giveToOwner(of folder: String, _ descriptor: CInt) {
        var status = stat()
        guard geteuid() == 0, stat(folder, &status) == 0 else { return }
        _ = fchown(descriptor, status.st_uid, status.st_gid)
    }

    private static func writeProcess(_ descriptor: CInt) {
        let text = Array("\(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = pwrite(descriptor, text, text.count, 0)
    }

    private static func readProcess(_ descriptor: CInt) -> Int? {
        var text = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &text, text.count, 0)
        guard count > 0 else { return nil }
        return Int(String(decoding: text.prefix(count).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}

/// Two servers in one folder would each write what the other has.
public struct FolderInUse: Error, Equatable, CustomStringConvertible {
    public let folder: String
    /// The process that has it, if it has said so.
    public let process: Int?

    public var description: String {
        "the data folder \(self.folder) is in use by another process\(self.process.map { " (\($0))" } ?? ""); stop it first"
    }
}
