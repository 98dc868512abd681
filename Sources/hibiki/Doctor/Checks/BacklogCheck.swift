// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiServer
import HibikiTransports

/// Whether the kernel keeps as many connections waiting as the server asks it to, when many come at once.
struct BacklogCheck: DoctorCheck {
    private static let file = "/proc/sys/net/core/somaxconn"

    let configuration: ServerConfiguration
    var limit = SystemFile.numbers(Self.file)?.first
    let name = "backlog"

    func examine() async -> [Finding] {
        let wanted = Int(self.configuration.transport.backlog)
        guard let limit = self.limit else { return [] }
        guard limit >= wanted else {
            return [
                .warning(
                    "the kernel keeps \(limit) new connections waiting, and \(wanted) are asked for",
                    advice: "Set net.core.somaxconn=\(wanted) in /etc/sysctl.d, or some that come at once are refused")
            ]
        }
        return [.ok("the kernel keeps \(wanted) new connections waiting, as is asked for")]
    }
}
