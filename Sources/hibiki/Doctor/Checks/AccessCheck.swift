// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiServer
import HibikiTransports

/// Whether the server is open to more people than it is meant for.
struct AccessCheck: DoctorCheck {
    let configuration: ServerConfiguration
    let name = "access"

    func examine() async -> [Finding] {
        let host = self.configuration.host
        let isLocal = host == "localhost" || host == "::1" || host.hasPrefix("127.")
        var findings: [Finding] = []
        if !isLocal, !self.configuration.isProduction {
            findings.append(
                .warning(
                    "\(host) can be reached from other machines, and whoever does may use the topics under public/",
                    advice: "Set production: true, or listen on 127.0.0.1 behind a proxy"))
        }
        if self.configuration.isProduction, self.configuration.transport.origins.allowed.contains("*") {
            findings.append(
                .warning(
                    "pages of every origin may connect", advice: "Name your own in allowed-origin in the place of *"))
        }
        if !isLocal, self.configuration.metrics == .open {
            findings.append(
                .warning(
                    "whoever reaches \(host) may read /metrics",
                    advice: "Set metrics: local, or keep others away from that path with a firewall or a proxy"))
        }
        if !isLocal, !self.configuration.keys.all.isEmpty, !self.configuration.certificate.isSet,
            self.configuration.transport.proxies.trusted.isEmpty
        {
            findings.append(
                .warning(
                    "back ends send their API keys to \(host) without encryption",
                    advice: "Set tls-certificate and tls-key, or listen on 127.0.0.1 behind a proxy that speaks TLS"))
        }
        guard findings.isEmpty else { return findings }
        return [.ok(isLocal ? "\(host) can be reached from this machine only" : "\(host) serves in production mode")]
    }
}
