// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiTransports
import Hummingbird
import NIOCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The machines that serve: this one.
struct AdminNodeRoutes {
    let directory: @Sendable () throws -> ServerDirectory
    let loops: Int
    /// Names this run of the server.
    private let id = String(UInt32.random(in: .min ... .max), radix: 16)
    private let started = Timestamp.now()
    private let begun = ContinuousClock.now

    init(directory: @escaping @Sendable () throws -> ServerDirectory, loops: Int) {
        self.directory = directory
        self.loops = loops
    }

    func add(to router: some RouterMethods<RouterContext>) {
        router.get("admin/api/nodes") { _, _ in try self.list() }
    }

    private func list() throws -> Response {
        let connections = try self.directory().connectionCount
        return JSONWriter.response { writer in
            writer.object { writer in
                writer.member("items") { writer in
                    writer.array([connections]) { writer, connections in
                        writer.object { self.write(connections, to: &$0) }
                    }
                }
            }
        }
    }

    private func write(_ connections: Int, to writer: inout JSONWriter) {
        writer.member("id", self.id)
        writer.member("name", Self.hostName)
        writer.member("role", "stands alone")
        writer.member("version", HibikiServer.version)
        writer.member("started", self.started.milliseconds)
        writer.member("uptime", self.begun.duration(to: .now).milliseconds)
        writer.member("connections", connections)
        writer.member("loops", self.loops)
        writer.member("process", getpid())
    }

    private static var hostName: String {
        var name = [UInt8](repeating: 0, count: 256)
        let isKnown = name.withUnsafeMutableBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.map { gethostname($0, text.count - 1) == 0 } ?? false
            }
        }
        return isKnown ? String(decoding: name.prefix { $0 != 0 }, as: UTF8.self) : ""
    }
}
