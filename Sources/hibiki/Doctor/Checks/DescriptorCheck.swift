// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiServer

/// Whether there are enough file descriptors: each connection needs one.
struct DescriptorCheck: DoctorCheck {
    /// Files, the log, event loops and the like.
    private static let ownNeed = 64
    /// Below this a server is of no use.
    private static let least = 256

    let configuration: ServerConfiguration
    var limit = FileDescriptorLimit.hard
    let name = "descriptors"

    func examine() async -> [Finding] {
        let connections = max(0, self.limit - Self.ownNeed)
        let raise =
            "Raise it with LimitNOFILE= in the service unit, or with ulimit -Hn in the shell that starts the server"
        guard self.limit >= Self.least else {
            return [.failure("only \(self.limit) files may be open at once", advice: raise)]
        }
        guard connections >= self.configuration.healthyConnections else {
            return [
                .warning(
                    "\(self.limit) files may be open at once, too few for the \(self.configuration.healthyConnections) "
                        + "connections of healthy-connections", advice: raise)
            ]
        }
        return [.ok("\(self.limit) files may be open at once, enough for about \(connections) connections")]
    }
}
