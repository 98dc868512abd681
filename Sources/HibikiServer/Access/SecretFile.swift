// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Files that hold keys.
public enum SecretFile {
    /// The name of the one for tokens that the server makes itself.
    private static let tokens = "token-secret"
    /// No key is longer.
    private static let mostBytes = 64 << 10

    /// What is wrong with a file, in words that do not quote it.
    public struct Problem: Error, CustomStringConvertible {
        public let description: String

        init(path: String, _ problem: String) {
            self.description = "\(path): \(problem)"
        }

        /// What the last call of the system has said.
        static func system(_ path: String) -> Problem {
            Problem(path: path, String(cString: strerror(errno)))
        }
    }

    /// The bytes of a file, without the line end that editors leave.
    static func read(_ path: String) throws(Problem) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .system(path) }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: Self.mostBytes)
        var count = 0
        while count < bytes.count {
            let part = bytes.withUnsafeMutableBytes {
                readBytes(file, $0.baseAddress?.advanced(by: count), $0.count - count)
            }
            guard part >= 0 else { throw .system(path) }
            guard part > 0 else { break }
            count += part
        }
        bytes.removeLast(bytes.count - count)
        while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") {
            bytes.removeLast()
        }
        return bytes
    }

    /// The key of HS256 that a file holds.
    public static func key(_ path: String) async throws -> TokenKey {
        do {
            return try await .secret(self.read(path))
        } catch let problem as TokenKey.Problem {
            throw Problem(path: path, problem.description)
        }
    }

    /// The private key in PEM that a file holds.
    public static func privateKey(_ path: String) async throws -> TokenKey {
        do {
            return try await .privateKey(pem: String(decoding: self.read(path), as: UTF8.self))
        } catch let problem as TokenKey.Problem {
            throw Problem(path: path, problem.description)
        }
    }

    /// Makes a secret that only this user can read, unless a folder has one.
    ///
    /// Of several that do this at the same time one makes it, and the others find it whole.
    public static func makeUnlessThere(in folder: String) throws(Problem) -> (path: String, isNew: Bool) {
        try self.makeUnlessThere(in: folder, named: Self.tokens)
    }

    static func makeUnlessThere(in folder: String, named name: String) throws(Problem) -> (path: String, isNew: Bool) {
        let path = "\(folder)/\(name)"
        guard access(path, F_OK) != 0 else { return (path, false) }
        try self.makeFolder(folder[...])
        let draft = "\(folder)/.\(name).\(UInt64.random(in: 0 ... .max))"
        try self.write(self.random() + [UInt8(ascii: "\n")], to: draft)
        defer { unlink(draft) }
        guard link(draft, path) == 0 else {
            guard errno == EEXIST else { throw .system(path) }
            return (path, false)
        }
        return (path, true)
    }

    /// Writes a text that only this user can read, in the place of what was there: at every moment the one or the other is there whole.
    public static func replace(_ path: String, with text: String) throws(Problem) {
        let draft = "\(path).\(UInt64.random(in: 0 ... .max))"
        try self.write(Array(text.utf8) + [UInt8(ascii: "\n")], to: draft)
        guard rename(draft, path) == 0 else {
            defer { unlink(draft) }
            throw .system(path)
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(Problem) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR)
        guard file >= 0 else { throw .system(path) }
        defer { close(file) }
        guard writeBytes(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
            defer { unlink(path) }
            throw .system(path)
        }
    }

    private static func makeFolder(_ folder: Substring) throws(Problem) {
        guard !folder.isEmpty, access(String(folder), F_OK) != 0 else { return }
        if let slash = folder.lastIndex(of: "/") { try self.makeFolder(folder[..<slash]) }
        guard mkdir(String(folder), S_IRWXU) == 0 || errno == EEXIST else { throw .system(String(folder)) }
    }

    /// 256 bits, as text that can be given to others who are to make tokens.
    static func random() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        return Array(Base64URL.encode(bytes).utf8)
    }
}

// Under names that the functions of the type do not hide.
private func readBytes(_ file: CInt, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(file, bytes, count)
}
private func writeBytes(_ file: CInt, _ bytes: [UInt8], _ count: Int) -> Int { write(file, bytes, count) }
