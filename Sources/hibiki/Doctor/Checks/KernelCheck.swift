// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiServer

/// Settings of the kernel that count when there are many connections. Those that this machine does not have are passed over.
struct KernelCheck: DoctorCheck {
    private static let folder = "/proc/sys/net/"
    /// Of ports that a proxy on this machine can use for its connections to the server.
    private static let enoughPorts = 20_000

    let configuration: ServerConfiguration
    var ports = SystemFile.numbers(Self.folder + "ipv4/ip_local_port_range")
    var tracked = SystemFile.numbers(Self.folder + "netfilter/nf_conntrack_max")?.first
    let name = "kernel"

    func examine() async -> [Finding] {
        [self.portRange, self.connectionTracking].compactMap { $0 }
    }

    private var portRange: Finding? {
        guard let range = self.ports, range.count == 2 else { return nil }
        let count = range[1] - range[0] + 1
        let words = "a program here can have \(count) connections to one address"
        guard count >= Self.enoughPorts else {
            return .warning(
                "\(words), a proxy too",
                advice:
                    "Set net.ipv4.ip_local_port_range=\"10000 65535\" in /etc/sysctl.d, if a proxy runs on this machine"
            )
        }
        return .ok(words)
    }

    /// Each connection is one entry, and two if it comes through a proxy on this machine.
    private var connectionTracking: Finding? {
        guard let tracked = self.tracked else { return nil }
        let wanted = self.configuration.healthyConnections.multipliedReportingOverflow(by: 2).partialValue
        guard tracked >= wanted else {
            return .warning(
                "the firewall keeps track of \(tracked) connections and drops the packets of others",
                advice: "Set net.netfilter.nf_conntrack_max to \(wanted) or more in /etc/sysctl.d")
        }
        return .ok("the firewall keeps track of \(tracked) connections")
    }
}
