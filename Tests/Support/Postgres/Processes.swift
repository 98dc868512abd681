// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import Synchronization

/// Who the server runs as.
enum ServerUser {
    /// `nil` where it may run as whoever runs the tests.
    static let name: String? = {
        guard geteuid() == 0 else { return nil }
        return getpwnam("postgres") == nil ? "nobody" : "postgres"
    }()

    static let prefix: [String] = name.map { ["runuser", "-u", $0, "--"] } ?? []
}

/// A process of the tests, told apart from all others by its number.
///
/// Not Foundation's: that one hands the descriptors of one child to the next, which a server then holds open.
struct ChildProcess: Sendable {
    /// No child is started between the making of a pipe and the word that children do not get it.
    static let starting = Mutex(())

    let id: pid_t

    /// - Parameters:
    ///   - words: the program, looked for in the path, and its arguments.
    ///   - input: a descriptor; `nil` for none.
    ///   - output: a descriptor for what it prints, and for its errors; `nil` to drop them.
    init(_ words: [String], input: Int32? = nil, output: Int32? = nil) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (descriptor, source) in [(STDIN_FILENO, input), (STDOUT_FILENO, output), (STDERR_FILENO, output)] {
            if let source {
                posix_spawn_file_actions_adddup2(&actions, source, descriptor)
            } else {
                posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
            }
        }
        let arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var id: pid_t = 0
        let code = Self.starting.withLock { _ in posix_spawnp(&id, words[0], &actions, nil, arguments, environ) }
        guard code == 0 else { throw PostgresServer.Problem.failed("\(words): \(String(cString: strerror(code)))") }
        self.id = id
    }

    /// Its exit status, once it has ended. To be asked once.
    func wait() async -> Int32 {
        await withCheckedContinuation { continuation in
            // A thread that may block, unlike those of the tests.
            Thread.detachNewThread {
                var status: Int32 = 0
                while waitpid(self.id, &status, 0) == -1, errno == EINTR {}
                continuation.resume(returning: status)
            }
        }
    }
}

/// Two ends that no child inherits but by what it is given.
struct ChildPipe {
    let reading: FileHandle
    let writing: FileHandle

    init() throws {
        var ends: [Int32] = [-1, -1]
        let code = ChildProcess.starting.withLock { _ in
            defer { for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) } }
            return pipe(&ends)
        }
        guard code == 0 else { throw PostgresServer.Problem.failed("pipe") }
        self.reading = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        self.writing = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
    }
}

/// A short command.
enum Command {
    /// Runs it and gives what it prints; throws what it says when it fails.
    @discardableResult
    static func run(_ words: [String]) async throws -> String {
        let pipe = try ChildPipe()
        let process = try ChildProcess(words, output: pipe.writing.fileDescriptor)
        try pipe.writing.close()
        let text = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let data = (try? pipe.reading.readToEnd()) ?? Data()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
        }
        guard await process.wait() == 0 else { throw PostgresServer.Problem.failed("\(words): \(text)") }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// Ports of the loopback address.
public enum Loopback {
    /// One that was free a moment ago.
    static func freePort() throws -> Int {
        let (descriptor, port) = try self.bind()
        close(descriptor)
        return port
    }

    /// A socket with a port of its own, which the caller closes.
    public static func bind() throws -> (descriptor: Int32, port: Int) {
        let descriptor = self.socket()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        var address = self.address(port: 0)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                Foundation.bind(descriptor, pointer, length) == 0 ? getsockname(descriptor, pointer, &length) : -1
            }
        }
        guard code == 0 else {
            close(descriptor)
            throw PostgresServer.Problem.failed("no free port")
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// A connection, which the caller closes.
    public static func connect(to port: Int) throws -> Int32 {
        let descriptor = self.socket()
        var address = self.address(port: UInt16(truncatingIfNeeded: port))
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                Foundation.connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else {
            close(descriptor)
            throw PostgresServer.Problem.failed("nobody listens on \(port)")
        }
        return descriptor
    }

    private static func socket() -> Int32 {
        #if canImport(Darwin)
        Foundation.socket(AF_INET, SOCK_STREAM, 0)
        #else
        Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
    }

    private static func address(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}

/// A certificate that signs itself.
public enum Certificate {
    /// Writes `path.crt` and `path.key`.
    public static func make(_ path: String, for name: String) async throws {
        try await Command.run([
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=\(name)",
            "-addext", "subjectAltName=DNS:\(name)", "-keyout", path + ".key", "-out", path + ".crt",
        ])
        try await Command.run(["chmod", "600", path + ".key"])
    }
}

/// A shell that holds the server, and ends it by its number when its own input ends: when it is told to, and when the
/// process of the tests is gone. Then it removes the server's folder, unless there is a file `keep` in it.
final class Keeper: Sendable {
    private static let script = """
        output=$1; shift
        "$@" >>"$output" 2>&1 </dev/null &
        server=$!
        cat >/dev/null
        kill -INT "$server" 2>/dev/null
        wait "$server"
        folder=$(dirname "$output")
        [ -e "$folder/keep" ] || rm -rf "$folder"
        """

    private let input: FileHandle
    private let ending: Task<Int32, Never>
    private let isTold = Atomic(false)

    init(_ prefix: [String], server: [String], output: String) throws {
        let pipe = try ChildPipe()
        let words = prefix + ["sh", "-c", Self.script, "keeper", output] + server
        let process = try ChildProcess(words, input: pipe.reading.fileDescriptor)
        try pipe.reading.close()
        self.input = pipe.writing
        self.ending = Task { await process.wait() }
    }

    /// Returns when the server has ended.
    func end() async {
        if !self.isTold.exchange(true, ordering: .relaxed) { try? self.input.close() }
        _ = await self.ending.value
    }
}
