// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiServer

/// How the server is that runs at the address, if one does.
struct ServerCheck: DoctorCheck {
    let configuration: ServerConfiguration
    /// Whether it is a failure when no server is ready there.
    var mustBeReady = false
    let name = "server"

    private var port: Int { self.configuration.port }

    func examine() async -> [Finding] {
        guard self.port != 0 else { return [] }
        switch await Probe(self.configuration).readiness() {
        case .silence:
            let words = "no server runs at port \(self.port) now"
            return [self.mustBeReady ? .failure(words, advice: "Start one with `hibiki serve`") : .ok(words)]
        case .somebodyElse:
            return [
                self.problem(
                    "what answers at port \(self.port) is no Hibiki server",
                    advice: "Look at what the settings say about host and port, or at who has taken the port")
            ]
        case .hibiki(200, let body):
            return [.ok("the server is ready: \(body)")]
        case .hibiki(_, let body):
            return [
                self.problem(
                    "the server runs, and wants no traffic: \(body)",
                    advice: "Wait, if it is starting or stopping; otherwise repair what is false among the checks")
            ]
        }
    }

    private func problem(_ words: String, advice: String) -> Finding {
        Finding(status: self.mustBeReady ? .failure : .warning, words: words, advice: advice)
    }
}
