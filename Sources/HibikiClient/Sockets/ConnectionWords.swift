// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import NIOPosix

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

extension Error {
    /// Why there is no connection, in the system's words where it has some.
    var connectionWords: String {
        guard let error = self as? NIOConnectionError else { return "\(self)" }
        guard let last = error.connectionErrors.last else { return "the host's name is not known" }
        guard let reason = last.error as? IOError, let words = strerror(reason.errnoCode) else {
            return "\(last.error)"
        }
        return String(cString: words)
    }
}
