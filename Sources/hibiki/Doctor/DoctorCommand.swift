// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import Configuration
import HibikiServer

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look for what would keep a server from running well.",
        discussion: """
            Takes the flags, the environment and the file of `hibiki serve`, and checks them against this machine: limits, the \
            port, the data folder, clocks, the kernel, and the server that runs already, if one does. Each line is ok, warning or \
            failure and says what to do. The exit status is 1 if anything fails. It changes nothing.

            EXAMPLES
              hibiki doctor --config /etc/hibiki/hibiki.yaml
              hibiki doctor --host 0.0.0.0 --production --json
              hibiki doctor --port 8080 --running      # for a container's health check
            """
    )

    @Flag(help: "Print one JSON object, for programs.") var json = false
    @Flag(help: "Look at nothing but the running server, and fail unless it is ready.") var running = false
    @OptionGroup(title: "Settings, as of serve") var options: ServeOptions

    func run() async throws {
        let settings = await DoctorSettings(self.options)
        var report = DoctorReport()
        for check in self.checks(settings) {
            report.add(await check.examine(), of: check.name)
        }
        print(self.json ? report.json : report.text)
        guard report.worst != .failure else { throw ExitCode(1) }
    }

    private func checks(_ settings: DoctorSettings) -> [any DoctorCheck] {
        let configuration = settings.configuration
        guard !self.running else {
            return [ServerCheck(configuration: configuration, mustBeReady: true)]
        }
        return [
            SettingsCheck(settings: settings),
            AccessCheck(configuration: configuration),
            DescriptorCheck(configuration: configuration),
            BacklogCheck(configuration: configuration),
            CertificateCheck(files: configuration.certificate),
            TracingCheck(configuration: configuration.tracing),
            DashboardCheck(configuration: configuration),
            PortCheck(configuration: configuration),
            ServerCheck(configuration: configuration),
            DataFolderCheck(folder: configuration.data),
            UploadsCheck(configuration: configuration),
            ClockCheck(),
            KernelCheck(configuration: configuration),
        ]
    }
}
