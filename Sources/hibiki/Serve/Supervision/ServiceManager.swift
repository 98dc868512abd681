// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Tells the service manager that has started this process how it is: datagrams to the socket that `NOTIFY_SOCKET` names
/// (sd_notify(3)).
struct ServiceManager: Sendable {
    private let address: sockaddr_un
    private let length: socklen_t
    /// How long the manager waits for a sign of life before it ends the process; `nil` if it does not watch.
    let watchdog: Duration?

    /// - Returns: `nil` if no manager wants to know.
    init?() {
        guard let path = Self.environment("NOTIFY_SOCKET"), let first = path.utf8.first else { return nil }
        var bytes = Array(path.utf8)
        // A name that begins with @ is one of Linux' abstract ones, which begin with a zero byte.
        if first == UInt8(ascii: "@") { bytes[0] = 0 }
        var address = sockaddr_un()
        guard first == UInt8(ascii: "@") || first == UInt8(ascii: "/"),
            bytes.count < MemoryLayout.size(ofValue: address.sun_path)
        else { return nil }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        self.address = address
        let isAbstract = bytes[0] == 0
        let start = MemoryLayout.offset(of: \sockaddr_un.sun_path) ?? 2
        self.length = socklen_t(start + bytes.count + (isAbstract ? 0 : 1))
        self.watchdog = Self.watchdogTime
    }

    /// `WATCHDOG_PID` says whom the time is meant for, because a child inherits the environment.
    private static var watchdogTime: Duration? {
        guard let time = Self.environment("WATCHDOG_USEC").flatMap({ Int64($0) }), time > 0,
            Self.environment("WATCHDOG_PID").map({ $0 == String(getpid()) }) ?? true
        else { return nil }
        return .microseconds(time)
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    // MARK: What there is to say

    func ready(_ status: String) {
        self.send("READY=1\nSTATUS=\(status)")
    }

    func stopping(_ status: String) {
        self.send("STOPPING=1\nSTATUS=\(status)")
    }

    func reloading() {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        self.send("RELOADING=1\nMONOTONIC_USEC=\(Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)")
    }

    func alive() {
        self.send("WATCHDOG=1")
    }

    /// A manager that does not listen is no reason to end.
    private func send(_ text: String) {
        let socket = socket(AF_UNIX, Self.kind, 0)
        guard socket >= 0 else { return }
        defer { close(socket) }
        var address = self.address
        var text = text
        text.withUTF8 { bytes in
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    _ = sendto(socket, bytes.baseAddress, bytes.count, 0, pointer, self.length)
                }
            }
        }
    }

    #if canImport(Glibc)
    private static let kind = CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
    #elseif canImport(Musl)
    private static let kind = SOCK_DGRAM | SOCK_CLOEXEC
    #else
    private static let kind = SOCK_DGRAM
    #endif
}
