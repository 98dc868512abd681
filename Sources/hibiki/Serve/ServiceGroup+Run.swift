// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import HibikiServer
import HibikiTransports
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension ServiceGroup {
    /// Runs a server until SIGTERM or SIGINT, and says what to do if its port is taken.
    static func run(_ server: HibikiServer, at configuration: ServerConfiguration, logger: Logger) async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: server, successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger
            )
        )
        do {
            try await group.run()
        } catch let problem as CertificateProblem {
            throw ValidationError(problem.description)
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            let place = "\(configuration.host):\(configuration.port)"
            throw ValidationError("\(place) is in use; stop what listens there, or choose another with --port")
        } catch let error as IOError where error.errnoCode == EACCES {
            throw ValidationError("port \(configuration.port) may not be opened; choose one above 1023 with --port")
        }
    }
}
