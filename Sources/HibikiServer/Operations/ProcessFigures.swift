// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMetrics

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What Linux tells about this process (proc(5)). Elsewhere there are no figures, rather than wrong ones.
enum ProcessFigures {
    /// Memory that is in use and not swapped out.
    static var residentBytes: Int? {
        #if os(Linux)
        guard let pages = Self.statistics?.residentPages else { return nil }
        return pages * Self.pageBytes
        #else
        return nil
        #endif
    }

    static func families() -> [MetricFamily] {
        #if os(Linux)
        return self.linuxFamilies()
        #else
        return []
        #endif
    }
}

#if os(Linux)
extension ProcessFigures {
    private struct Statistics {
        var ticks: Int
        var startTicks: Int
        var residentPages: Int
    }

    private static let pageBytes = max(1, sysconf(Int32(_SC_PAGESIZE)))
    private static let ticksPerSecond = max(1, sysconf(Int32(_SC_CLK_TCK)))

    private static func linuxFamilies() -> [MetricFamily] {
        var families: [MetricFamily] = []
        if let statistics = self.statistics {
            families.append(
                MetricFamily(
                    "process_cpu_seconds_total", .counter, help: "Processor time of the process, user and system.",
                    [.init(.number(Double(statistics.ticks) / Double(self.ticksPerSecond)))]
                ))
            families.append(
                MetricFamily(
                    "process_resident_memory_bytes", .gauge, help: "Resident memory of the process.",
                    statistics.residentPages * self.pageBytes
                ))
            if let start = self.startTime {
                families.append(
                    MetricFamily(
                        "process_start_time_seconds", .gauge, help: "When the process began, in seconds since 1970.",
                        [.init(.number(start))]
                    ))
            }
        }
        if let count = self.openDescriptors {
            families.append(MetricFamily("process_open_fds", .gauge, help: "Open file descriptors.", count))
        }
        if let limit = self.descriptorLimit {
            families.append(
                MetricFamily("process_max_fds", .gauge, help: "File descriptors that the process may open.", limit))
        }
        return families
    }

    /// The name of the program, in parentheses, may hold spaces; numbers are counted from behind it.
    private static var statistics: Statistics? {
        guard let text = self.contents(of: "/proc/self/stat"), let end = text.lastIndex(of: ")") else { return nil }
        // The state is the third field of the file, and the first here.
        let fields = text[text.index(after: end)...].split(separator: " ").map { Int($0) }
        guard fields.count > 21, let user = fields[11], let system = fields[12], let start = fields[19],
            let pages = fields[21]
        else { return nil }
        return Statistics(ticks: user + system, startTicks: start, residentPages: pages)
    }

    /// Read once: the kernel's time of boot moves with the clock, and must not look like a restart.
    private static let startTime: Double? = {
        guard let statistics = ProcessFigures.statistics, let boot = ProcessFigures.bootTime else { return nil }
        return Double(boot) + Double(statistics.startTicks) / Double(ProcessFigures.ticksPerSecond)
    }()

    private static var bootTime: Int? {
        guard let text = self.contents(of: "/proc/stat") else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("btime ") }
        return line.flatMap { Int($0.dropFirst("btime ".count)) }
    }

    private static var openDescriptors: Int? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        // Without `.`, `..` and the directory that is being read.
        return max(0, count - 3)
    }

    private static var descriptorLimit: Int? {
        guard let text = self.contents(of: "/proc/self/limits") else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("Max open files") }
        return line?.dropFirst("Max open files".count).split(separator: " ").first.flatMap { Int($0) }
    }

    private static func contents(of path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = fread(&part, 1, part.count, file)
            guard count > 0 else { break }
            bytes += part.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
#endif
