// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Configuration
import HibikiServer

/// What the environment says to every program that sends traces (OpenTelemetry: environment variable specification, and that
/// of the OTLP exporter). Our own settings win over it.
struct OpenTelemetryEnvironment {
    private let reader: ConfigReader

    init(_ provider: some ConfigProvider = EnvironmentVariablesProvider()) {
        self.reader = ConfigReader(provider: provider)
    }

    /// Fills in what `settings` do not say themselves.
    func complete(_ tracing: inout TracingConfiguration, settings: ConfigReader) {
        if tracing.endpoint.isEmpty { tracing.endpoint = self.endpoint ?? "" }
        if !Self.has("tracing-service", settings), let name = self["otel-service-name"] { tracing.service = name }
        if !Self.has("tracing-ratio", settings), let ratio = self.ratio { tracing.ratio = ratio }
        if let timeout = self.timeout { tracing.timeout = timeout }
        tracing.resource.merge(Self.pairs(self["otel-resource-attributes"])) { _, new in new }
        // A service name has a variable of its own, which counts more.
        tracing.resource["service.name"] = nil
        tracing.fields += Self.pairs(self["otel-exporter-otlp-traces-headers"] ?? self["otel-exporter-otlp-headers"])
            .sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    }

    /// `nil` where the environment wants no traces, or in a form that is not spoken here.
    private var endpoint: String? {
        guard self["otel-sdk-disabled"]?.lowercased() != "true", self["otel-traces-exporter"] != "none" else {
            return nil
        }
        guard (self["otel-exporter-otlp-traces-protocol"] ?? self["otel-exporter-otlp-protocol"]) != "grpc" else {
            return nil
        }
        let base = self["otel-exporter-otlp-endpoint"].map { ($0.hasSuffix("/") ? $0 : $0 + "/") + "v1/traces" }
        let endpoint = self["otel-exporter-otlp-traces-endpoint"] ?? base
        return endpoint.flatMap { try? ServerConfiguration.address($0) }
    }

    /// In milliseconds there.
    private var timeout: Duration? {
        (self["otel-exporter-otlp-traces-timeout"] ?? self["otel-exporter-otlp-timeout"])
            .flatMap { Int64($0) }.flatMap { $0 > 0 ? .milliseconds(min($0, 3_600_000)) : nil }
    }

    private var ratio: Double? {
        switch self["otel-traces-sampler"] {
        case "traceidratio", "parentbased_traceidratio":
            return self["otel-traces-sampler-arg"].flatMap { Double($0) }.map { min(max($0, 0), 1) }
        case "always_off", "parentbased_always_off": return 0
        default: return nil
        }
    }

    /// An empty value counts as none.
    private subscript(key: ConfigKey) -> String? {
        self.reader.string(forKey: key).flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func has(_ key: ConfigKey, _ settings: ConfigReader) -> Bool {
        settings.string(forKey: key) != nil || settings.double(forKey: key) != nil || settings.int(forKey: key) != nil
    }

    /// `key=value,key2=value2`, the values percent-encoded as those of W3C Baggage.
    static func pairs(_ text: String?) -> [String: String] {
        var pairs: [String: String] = [:]
        for pair in (text ?? "").split(separator: ",") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let name = String(Self.trimmed(parts[0]))
            pairs[name] = name.isEmpty ? nil : Self.decoded(Self.trimmed(parts[1]))
        }
        return pairs
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop { $0 == " " || $0 == "\t" }
        return start.lastIndex { $0 != " " && $0 != "\t" }.map { start[...$0] } ?? ""
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2, let decoded = UInt8(Substring(digits), radix: 16) {
                bytes.append(decoded)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
