// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A program that works on a file which somebody has sent, and is trusted with nothing: it has limits, no input, no descriptors of the server's and an
/// environment of its own.
struct ChildProcess: Sendable {
    struct Limits: Sendable, Equatable {
        /// Of address space, in bytes; `nil` for no limit.
        var memory: Int?
        /// Of processor time, in seconds.
        var processorSeconds: Int
        /// Of a file that it writes.
        var fileBytes: Int
        /// By the clock on the wall. It is killed then, and all that it has started.
        var wallTime: Duration
    }

    enum Outcome: Equatable, Sendable {
        case exited(CInt)
        case signalled(CInt)
        case late
    }

    struct CannotStart: Error, CustomStringConvertible {
        let description: String
    }

    /// The program and its arguments.
    var words: [String]
    var environment: [String: String] = [:]
    var limits: Limits

    /// `ulimit` is the one way to set limits between fork and exec that every system has.
    private static let script = """
        ulimit -c 0; ulimit -t "$1" && ulimit -f "$2" && { [ "$3" = 0 ] || ulimit -v "$3"; } && shift 3 && exec "$@"
        """

    private var commandLine: [String] {
        let memory = self.limits.memory.map { max(1, $0 >> 10) } ?? 0
        return [
            "/bin/sh", "-c", Self.script, "sh", "\(self.limits.processorSeconds)", "\(self.limits.fileBytes >> 9)",
            "\(memory)",
        ]
            + self.words
    }

    /// Waits for its end, so it belongs on a thread of its own.
    func run() throws(CannotStart) -> Outcome {
        let child = try self.start()
        let deadline = ContinuousClock.now.advanced(by: self.limits.wallTime)
        var status: CInt = 0
        var pause: UInt32 = 1_000
        while true {
            let ended = waitpid(child, &status, WNOHANG)
            if ended == child { return Self.outcome(status) }
            if ended < 0, errno != EINTR { return .signalled(0) }
            guard ContinuousClock.now < deadline else { break }
            usleep(pause)
            pause = min(pause * 2, 50_000)
        }
        kill(-child, SIGKILL)
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return .late
    }

    private static func outcome(_ status: CInt) -> Outcome {
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
    }

    private func start() throws(CannotStart) -> pid_t {
        #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
        #else
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for descriptor in CInt(0)...2 {
            let mode = descriptor == 0 ? O_RDONLY : O_WRONLY
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", mode, 0)
        }
        let flags = Self.closeDescriptors(from: &actions)
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGPIPE, SIGTERM, SIGINT, SIGHUP] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes,
            flags | Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
        let environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"].merging(self.environment) { $1 }
        var arguments = self.commandLine.map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            for text in arguments + variables { free(text) }
        }
        var child: pid_t = 0
        let code = posix_spawn(&child, "/bin/sh", &actions, &attributes, &arguments, &variables)
        guard code == 0 else {
            throw CannotStart(description: "\(self.words.first ?? ""): \(String(cString: strerror(code)))")
        }
        return child
    }

    // Sockets are not marked to be closed in a child, which would keep connections open that the server has closed.
    #if canImport(Darwin)
    private static func closeDescriptors(from actions: inout posix_spawn_file_actions_t?) -> Int16 {
        Int16(POSIX_SPAWN_CLOEXEC_DEFAULT)
    }
    #else
    /// Descriptors above the highest that is open, which others may open before the child begins.
    private static let slack = 64

    private static func closeDescriptors(from actions: inout posix_spawn_file_actions_t) -> Int16 {
        let highest = (try? Disk.names(in: "/proc/self/fd"))?.compactMap { CInt($0) }.max() ?? 1_023
        for descriptor in 3...max(3, highest) + CInt(Self.slack) {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        return 0
    }
    #endif

    /// The file of a program that is to be found as the child would find it; `nil` if it is not there.
    static func find(_ program: String) -> String? {
        guard !program.contains("/") else { return access(program, X_OK) == 0 ? program : nil }
        return ["/usr/local/bin", "/usr/bin", "/bin"].map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
    }
}
