// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Results go to standard output, all else to standard error; each line leaves at once, so that pipes see it.
enum Terminal {
    /// - Throws: ``Gone`` when nobody reads any more, as behind `head -1`.
    static func result(_ line: String) throws(Gone) {
        guard self.write(line + "\n", to: STDOUT_FILENO) else { throw Gone() }
    }

    static func note(_ line: String) {
        _ = self.write(line + "\n", to: STDERR_FILENO)
    }

    /// Writes over the line before, on a terminal; elsewhere a line of its own.
    static func progress(_ line: String) {
        _ = self.write(self.isInteractive ? "\r\u{1B}[K\(line)" : "\(line)\n", to: STDERR_FILENO)
    }

    static func endProgress() {
        if self.isInteractive { _ = self.write("\r\u{1B}[K", to: STDERR_FILENO) }
    }

    struct Gone: Error {}

    static var isInteractive: Bool {
        isatty(STDERR_FILENO) == 1
    }

    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let written = systemWrite(descriptor, rest.baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return false }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
            }
            return true
        }
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
