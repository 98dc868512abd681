// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import AsyncHTTPClient
import HibikiTracing
import HibikiWire
import NIOCore
import NIOHTTP1

/// Sends batches of spans over HTTP.
struct SpanUpload: Sendable {
    private static let answerBytes = 64 << 10
    /// What may be sent again (OTLP §Failures).
    private static let busy: Set<UInt> = [429, 502, 503, 504]

    let url: String
    let fields: [(name: String, value: String)]

    func send(_ body: ByteBuffer, within timeout: Duration) async -> SpanExporter.Answer {
        var request = HTTPClientRequest(url: self.url)
        request.method = .POST
        for field in self.fields { request.headers.add(name: field.name, value: field.value) }
        request.headers.replaceOrAdd(name: "Content-Type", value: "application/json")
        request.body = .bytes(body)
        do {
            let response = try await OutgoingHTTP.sendUntraced(request, deadline: .now() + TimeAmount(timeout))
            let answer = try await response.body.collect(upTo: Self.answerBytes)
            switch response.status.code {
            case 200..<300: return .taken(rejected: Self.rejected(answer))
            case let code where Self.busy.contains(code): return .later(after: Self.pause(response.headers))
            default: return .refused
            }
        } catch {
            return .later(after: nil)
        }
    }

    /// In seconds; a date is not looked at.
    private static func pause(_ headers: HTTPHeaders) -> Duration? {
        headers.first(name: "Retry-After").flatMap { Int64($0) }.flatMap { $0 >= 0 ? .seconds(min($0, 3_600)) : nil }
    }

    /// `partialSuccess.rejectedSpans`, a number or its text; 0 for an answer without it.
    static func rejected(_ answer: ByteBuffer) -> Int {
        guard answer.isValidUTF8 else { return 0 }
        let rejected = try? answer.withJSONScanner { scanner in
            var rejected: Int64 = 0
            try scanner.enterObject()
            while let name = try scanner.nextMember() {
                guard "partialSuccess" ~= name else {
                    try scanner.readValue()
                    continue
                }
                try scanner.enterObject()
                while let name = try scanner.nextMember() {
                    let value = try scanner.readValue()
                    guard "rejectedSpans" ~= name else { continue }
                    let number =
                        value.kind == .string ? Int64(scanner.text(of: value).string) : scanner.integer(of: value)
                    rejected = number ?? 0
                }
            }
            try scanner.finish()
            return rejected
        }
        return Int(clamping: rejected ?? 0)
    }
}
