// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Configuration
import HibikiServer
import Testing

@testable import hibiki

@Suite struct `The environment of OpenTelemetry` {
    private func tracing(
        _ variables: [String: String], _ settings: [String: ConfigContent] = [:],
        _ start: TracingConfiguration = TracingConfiguration()
    ) -> TracingConfiguration {
        let settings = settings.map { (AbsoluteConfigKey([$0.key]), ConfigValue($0.value, isSecret: false)) }
        let reader = ConfigReader(
            provider: InMemoryProvider(name: "test", values: Dictionary(uniqueKeysWithValues: settings)))
        var tracing = start
        OpenTelemetryEnvironment(EnvironmentVariablesProvider(environmentVariables: variables))
            .complete(&tracing, settings: reader)
        return tracing
    }

    @Test func `says nothing where it is empty`() {
        let tracing = self.tracing([:])
        #expect(tracing.endpoint == "" && tracing.ratio == 1 && tracing.service == "hibiki")
        #expect(tracing.resource.isEmpty && tracing.fields.isEmpty)
    }

    @Test(arguments: [
        (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"], "http://c:4318/v1/traces"),
        (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318/base/"], "http://c:4318/base/v1/traces"),
        (
            ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c/x", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://d"],
            "http://c/x"
        ),
        (["OTEL_EXPORTER_OTLP_ENDPOINT": "c:4317"], ""), (["OTEL_EXPORTER_OTLP_ENDPOINT": ""], ""),
        (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"], ""),
        (
            [
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
                "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/protobuf",
            ], "http://c/v1/traces"
        ),
        (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_SDK_DISABLED": "true"], ""),
        (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_TRACES_EXPORTER": "none"], ""),
    ]) func `names the collector`(_ variables: [String: String], _ endpoint: String) {
        #expect(self.tracing(variables).endpoint == endpoint)
    }

    @Test func `counts less than settings of one's own`() {
        var start = TracingConfiguration()
        start.endpoint = "http://mine"
        start.service = "mine"
        start.ratio = 0.5
        let tracing = self.tracing(
            [
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_SERVICE_NAME": "other",
                "OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.1",
            ], ["tracing-service": "mine", "tracing-ratio": .double(0.5)], start)
        #expect(tracing.endpoint == "http://mine" && tracing.service == "mine" && tracing.ratio == 0.5)
    }

    @Test(arguments: [
        ("parentbased_traceidratio", "0.25", 0.25), ("traceidratio", "7", 1), ("traceidratio", "x", 1),
        ("always_on", "0.5", 1), ("parentbased_always_off", "", 0),
    ]) func `says which share is recorded`(_ sampler: String, _ argument: String, _ ratio: Double) {
        #expect(
            self.tracing(["OTEL_TRACES_SAMPLER": sampler, "OTEL_TRACES_SAMPLER_ARG": argument]).ratio == ratio)
    }

    @Test(arguments: [
        ("250", Duration.milliseconds(250)), ("0", .seconds(10)), ("-1", .seconds(10)), ("x", .seconds(10)),
    ])
    func `says in milliseconds how long a request may take`(_ text: String, _ timeout: Duration) {
        #expect(self.tracing(["OTEL_EXPORTER_OTLP_TIMEOUT": text]).timeout == timeout)
    }

    @Test func `has fields and a resource as lists of pairs`() {
        let tracing = self.tracing([
            "OTEL_EXPORTER_OTLP_HEADERS": "api-key = a%2Cb ,x=y=z, broken,=w,%zz=%4",
            "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment=test,service.name=no",
        ])
        #expect(tracing.fields.map(\.name) == ["%zz", "api-key", "x"])
        #expect(tracing.fields.map(\.value) == ["%4", "a,b", "y=z"])
        #expect(tracing.resource == ["deployment.environment": "test"])
    }
}
