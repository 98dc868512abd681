// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiLogging
import HibikiServer
import Logging
import ServiceLifecycle
import UnixSignals

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Runs a server, and does what signals and the service manager want of it.
///
/// - SIGTERM and SIGINT stop it in an orderly way; a second one of them ends the process at once, with 128 and the number of the
///   signal as its status, as a shell reports a process that a signal has ended.
/// - SIGHUP has it read its settings again.
/// - A watchdog is told that all is well as long as every event loop answers. It is asked for twice in the time that the
///   manager allows, as sd_watchdog_enabled(3) advises.
struct Supervisor: Sendable {
    let server: HibikiServer
    /// What runs beside the server, and is stopped after it.
    var others: [any Service] = []
    let manager: ServiceManager?
    /// `nil` if there is nothing that could be read again.
    let reload: (@Sendable () async -> Void)?
    /// Flushed before a second signal ends the process.
    let output: LogOutput
    let logger: Logger

    /// Returns after an orderly stop.
    func run() async throws {
        var services = self.others.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) }
        services.append(.init(service: self.server, successTerminationBehavior: .gracefullyShutdownGroup))
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: services, logger: self.logger))
        let signals = await UnixSignalsSequence(trapping: [.sigterm, .sigint] + (self.reload == nil ? [] : [.sighup]))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await self.obey(signals, group) }
            tasks.addTask { await self.reassure() }
            defer { tasks.cancelAll() }
            try await group.run()
        }
    }

    private func obey(_ signals: UnixSignalsSequence, _ group: ServiceGroup) async {
        var isStopping = false
        for await signal in signals {
            switch signal {
            case .sighup:
                if !isStopping { await self.readAgain() }
            case _ where isStopping:
                self.logger.warning("stopped at once by a second signal", metadata: ["signal": "\(signal)"])
                self.output.flush()
                _exit(128 + signal.rawValue)
            default:
                isStopping = true
                self.manager?.stopping("Ending \(self.server.connectionCount) connections")
                await group.triggerGracefulShutdown()
            }
        }
    }

    private func readAgain() async {
        self.manager?.reloading()
        await self.reload?()
        self.manager?.ready("Serving")
    }

    private func reassure() async {
        guard let manager = self.manager, let time = manager.watchdog else { return }
        while !Task.isCancelled {
            // A loop that is stuck never answers, and the manager waits in vain.
            await self.server.answers()
            manager.alive()
            try? await Task.sleep(for: time / 2)
        }
    }
}
