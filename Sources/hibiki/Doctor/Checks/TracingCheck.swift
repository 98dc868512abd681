// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiServer
import HibikiTracing

/// Whether the collector of traces takes what it is sent.
struct TracingCheck: DoctorCheck {
    let configuration: TracingConfiguration
    let name = "tracing"

    func examine() async -> [Finding] {
        guard !self.configuration.endpoint.isEmpty else { return [] }
        var configuration = self.configuration
        configuration.timeout = .seconds(3)
        let endpoint = configuration.endpoint
        switch await configuration.sendNothing() {
        case .taken:
            return [.ok("the collector at \(endpoint) takes traces")]
        case .later:
            return [
                .warning(
                    "the collector at \(endpoint) does not answer",
                    advice: "Start it, or correct tracing-endpoint; the server runs without it and loses its spans")
            ]
        case .refused:
            return [
                .warning(
                    "what answers at \(endpoint) does not take traces",
                    advice:
                        "Give tracing-endpoint the address of OTLP over HTTP, usually port 4318, and the key it wants")
            ]
        }
    }
}
