// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiServer
import HibikiTransports

/// Whether the dashboard's password can be used, and does not travel where others may read it.
struct DashboardCheck: DoctorCheck {
    let configuration: ServerConfiguration
    let name = "dashboard"

    func examine() async -> [Finding] {
        let file = self.configuration.admin.passwordFile
        guard !file.isEmpty else { return [] }
        do throws(SecretFile.Problem) {
            _ = try AdminPassword.read(file: file)
        } catch {
            return [.failure(error.description, advice: "Make it with: hibiki admin-password --output \(file)")]
        }
        guard self.isPrivate else {
            return [
                .warning(
                    "the dashboard's password may travel over the network without TLS",
                    advice: "Set tls-certificate and tls-key, or listen on 127.0.0.1 behind a proxy that speaks TLS")
            ]
        }
        return [.ok("the dashboard at /admin/ has a password")]
    }

    private var isPrivate: Bool {
        self.configuration.certificate.isSet || LoopbackHost.isLoopback(self.configuration.host)
            || !self.configuration.transport.proxies.trusted.isEmpty
    }
}
