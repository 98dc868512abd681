// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The clocks of a log: one for what stands on lines, and one that nobody sets for what happens in a second.
struct LogClock: Sendable {
    /// Milliseconds since 1970.
    var wall: @Sendable () -> Int64
    var now: @Sendable () -> ContinuousClock.Instant
    /// The local time's offset from UTC at a moment, in seconds.
    var offset: @Sendable (Int64) -> Int64

    static let system = LogClock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) &* 1_000 &+ Int64(time.tv_nsec) / 1_000_000
    } now: {
        .now
    } offset: { milliseconds in
        var seconds = time_t(milliseconds / 1_000)
        var local = tm()
        return localtime_r(&seconds, &local) == nil ? 0 : Int64(local.tm_gmtoff)
    }
}
