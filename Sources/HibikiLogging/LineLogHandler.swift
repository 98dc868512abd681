// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import Logging

/// A handler for swift-log that writes one line for each event, to people or to machines.
///
/// ```swift
/// let output = LogOutput(to: .standardError)
/// LoggingSystem.bootstrap { LineLogHandler(label: $0, output: output) }
/// defer { output.flush() }
/// ```
///
/// Whatever a value holds, it stays on its line: control characters and line breaks are escaped, long values are cut, and what
/// looks like a credential is replaced (``Redaction``).
public struct LineLogHandler: LogHandler {
    public let label: String
    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private let output: LogOutput

    /// - Parameter level: what is less important is not written. Default `info`.
    public init(
        label: String, output: LogOutput, level: Logger.Level = .info, provider: Logger.MetadataProvider? = nil
    ) {
        self.label = label
        self.output = output
        self.logLevel = level
        self.metadataProvider = provider
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        self.output.write(event.level, label: self.label, message: event.message.description) {
            var metadata = self.metadata
            if let provided = self.metadataProvider?.get() { metadata.merge(provided) { $1 } }
            if let more = event.metadata { metadata.merge(more) { $1 } }
            if let error = event.error, metadata["error"] == nil { metadata["error"] = "\(error)" }
            return metadata
        }
    }
}
