// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Which process listens on a port, where `/proc` says so. Of other users' processes only root is told.
enum PortOwner {
    private static let listening = "0A"

    /// Such as `nginx (process 812)`.
    static func find(port: Int) -> String? {
        let sockets = Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap { Self.sockets(in: $0, port: port) })
        guard !sockets.isEmpty else { return nil }
        for process in Self.entries("/proc").compactMap({ Int($0) }) {
            let files = "/proc/\(process)/fd"
            for file in Self.entries(files) {
                guard let target = Self.target(of: "\(files)/\(file)"), sockets.contains(target) else { continue }
                let name = SystemFile.text("/proc/\(process)/comm")?.split(separator: "\n").first ?? "a process"
                return "\(name) (process \(process))"
            }
        }
        return nil
    }

    /// What links to sockets look like that listen on the port (proc_net_tcp(5)).
    private static func sockets(in table: String, port: Int) -> [String] {
        let rows = SystemFile.text(table)?.split(separator: "\n").dropFirst() ?? []
        return rows.compactMap { row in
            let columns = row.split(separator: " ")
            guard columns.count > 9, columns[3] == Self.listening,
                let digits = columns[1].split(separator: ":").last, Int(digits, radix: 16) == port
            else { return nil }
            return "socket:[\(columns[9])]"
        }
    }

    private static func entries(_ folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        return names
    }

    private static func target(of link: String) -> String? {
        var bytes = [CChar](repeating: 0, count: 256)
        let count = readlink(link, &bytes, bytes.count)
        guard count > 0 else { return nil }
        return String(decoding: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
