// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A line that nobody who looks at the terminal can read.
enum HiddenInput {
    static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// Asks, and takes a line without showing it.
    static func line(_ question: String) -> String {
        Terminal.progress(question)
        var before = termios()
        let isKnown = tcgetattr(STDIN_FILENO, &before) == 0
        if isKnown {
            var silent = before
            silent.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        }
        defer {
            if isKnown { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) }
            Terminal.note("")
        }
        return readLine() ?? ""
    }
}
