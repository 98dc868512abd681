// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Where lines go. Written to by one thread at a time, which may wait in it.
public struct LogDestination: Sendable {
    let write: @Sendable ([UInt8]) -> Bool

    /// - Parameter write: gets whole lines, and says whether they were taken.
    public init(write: @escaping @Sendable ([UInt8]) -> Bool) {
        self.write = write
    }

    public static let standardError = LogDestination { bytes in
        bytes.withUnsafeBytes { Descriptor(number: STDERR_FILENO).write($0) }
    }

    /// Whether standard error is a terminal.
    public static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Whether lines on that terminal may have colours: it can show them, and `NO_COLOR` is not set.
    public static var isColoured: Bool {
        self.isTerminal && (self.environment("NO_COLOR") ?? "").isEmpty && self.environment("TERM") != "dumb"
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}

private struct Descriptor {
    /// How long one that takes nothing is waited for, before it is asked again.
    private static let patience: Int32 = 1_000

    let number: Int32

    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = systemWrite(self.number, rest.baseAddress, rest.count)
            if count > 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            } else if errno == EAGAIN {
                // Whoever shares it may have made it one that does not block.
                var state = pollfd(fd: self.number, events: Int16(POLLOUT), revents: 0)
                poll(&state, 1, Self.patience)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
