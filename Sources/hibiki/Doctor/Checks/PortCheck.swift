// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiServer
import NIOCore
import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Whether the port can be opened.
struct PortCheck: DoctorCheck {
    let configuration: ServerConfiguration
    let name = "port"

    private var host: String { self.configuration.host }
    private var port: Int { self.configuration.port }

    private var place: String { self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)" }

    func examine() async -> [Finding] {
        do {
            let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: self.host, port: self.port).get()
            try await listener.close().get()
            return [.ok(self.port == 0 ? "any free port is taken" : "\(self.place) is free")]
        } catch let error as IOError {
            return await self.findings(error)
        } catch {
            return [
                .failure(
                    "\(self.place) cannot be opened: \(error)",
                    advice: "Set host to an address of this machine, or to 0.0.0.0 for all")
            ]
        }
    }

    private func findings(_ error: IOError) async -> [Finding] {
        switch error.errnoCode {
        case EADDRINUSE:
            if case .hibiki = await Probe(self.configuration).readiness() {
                return [.ok("a Hibiki server listens on \(self.place)")]
            }
            let owner = PortOwner.find(port: self.port).map { " by \($0)" } ?? ""
            return [
                .failure(
                    "\(self.place) is taken\(owner)", advice: "Stop what listens there, or choose another port")
            ]
        case EACCES, EPERM:
            return [
                .failure(
                    "port \(self.port) may not be opened by this user",
                    advice: "Choose one above 1023, or add AmbientCapabilities=CAP_NET_BIND_SERVICE to the service unit"
                )
            ]
        default:
            return [
                .failure(
                    "\(self.place) cannot be opened: \(String(cString: strerror(error.errnoCode)))",
                    advice: "Set host to an address of this machine, or to 0.0.0.0 for all")
            ]
        }
    }
}
