// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiTracing
public import Logging
import NIOCore

/// Where traces go.
public struct TracingConfiguration: Sendable {
    /// Where a collector takes OTLP over HTTP; without a path `/v1/traces` is meant. Empty, the default, for no traces.
    public var endpoint = ""
    /// The share of requests that is recorded of those that come without a `traceparent`, from 0 to 1. Default 1.
    public var ratio = 1.0
    /// What the server is called in traces. Default `hibiki`.
    public var service = "hibiki"
    /// What else is said about the server in each request.
    public var resource: [String: String] = [:]
    /// Fields of each request, a key of the collector's for example.
    public var fields: [(name: String, value: String)] = []
    /// How long a request may take. Default 10 s.
    public var timeout: Duration = .seconds(10)

    public init() {}

    /// What records spans and what sends them; `nil` where there is no endpoint.
    ///
    /// - Parameter version: of the program.
    public func makeTracer(version: String, logger: Logger) -> (tracer: SpanTracer, exporter: SpanExporter)? {
        guard !self.endpoint.isEmpty else { return nil }
        var resource = self.resource
        resource["service.name"] = self.service
        resource["service.version"] = version
        var configuration = SpanExporter.Configuration()
        configuration.timeout = self.timeout
        let upload = self.upload
        let exporter = SpanExporter(configuration, resource: resource, version: version, logger: logger) {
            await upload.send($0, within: $1)
        }
        return (SpanTracer(exporter, ratio: self.ratio), exporter)
    }

    /// Sends a request without a span, to see what the collector says.
    public func sendNothing() async -> SpanExporter.Answer {
        await self.upload.send(ByteBuffer(string: #"{"resourceSpans":[]}"#), within: self.timeout)
    }

    private var upload: SpanUpload {
        SpanUpload(url: self.url, fields: self.fields)
    }

    var url: String {
        let host = self.endpoint.dropFirst(self.endpoint.hasPrefix("https://") ? 8 : 7)
        guard let slash = host.firstIndex(of: "/") else { return self.endpoint + "/v1/traces" }
        return host.index(after: slash) == host.endIndex ? self.endpoint + "v1/traces" : self.endpoint
    }
}
