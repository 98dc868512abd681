// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import HibikiServer
import HibikiTransports
import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension Supervisor {
    /// Runs the server until it is stopped, and says what to do if its port is taken.
    func run(at configuration: ServerConfiguration) async throws {
        do {
            try await self.run()
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
