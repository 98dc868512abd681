// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#if canImport(Glibc)
import Glibc
private let openFiles = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
#elseif canImport(Musl)
import Musl
private let openFiles = RLIMIT_NOFILE
#else
import Darwin
private let openFiles = RLIMIT_NOFILE
#endif

/// Each connection needs a file descriptor, and the soft limit is often 1,024.
enum FileDescriptorLimit {
    /// Raises the soft limit to the hard one.
    static func raise() {
        var limit = rlimit()
        guard getrlimit(openFiles, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(openFiles, &limit)
    }

    /// What ``raise()`` can reach.
    static var hard: Int {
        var limit = rlimit()
        guard getrlimit(openFiles, &limit) == 0 else { return 0 }
        return Int(clamping: limit.rlim_max)
    }
}
