// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore
import Tracing

/// A broker each of whose publications has a span, below that of the request which it belongs to. Names and attributes are
/// those of OpenTelemetry's conventions for messaging.
final class TracedBroker: Broker {
    private let base: any Broker
    private let tracer: any Tracer

    init(_ base: any Broker, _ tracer: any Tracer) {
        self.base = base
        self.tracer = tracer
    }

    var log: any EventLog { self.base.log }

    func start(_ node: any BrokerNode) async throws {
        try await self.base.start(node)
    }

    func publish(
        _ draft: Draft, at now: Timestamp, completion: @escaping @Sendable (Result<PublishReceipt, WireError>) -> Void
    ) {
        let span = self.tracer.startSpan("publish", ofKind: .producer)
        if span.isRecording {
            span.attributes = [
                "messaging.system": "hibiki", "messaging.operation.name": "publish",
                "messaging.operation.type": "send", "messaging.destination.name": .string(draft.topic.name),
                "messaging.message.body.size": .int64(Int64(draft.payload.readableBytes)),
            ]
        }
        self.base.publish(draft, at: now) { result in
            span.finish(result)
            completion(result)
        }
    }

    func send(_ signal: Signal) {
        self.base.send(signal)
    }

    func stop() async {
        await self.base.stop()
    }
}

extension Span {
    fileprivate func finish(_ result: Result<PublishReceipt, WireError>) {
        switch result {
        case .success(let receipt):
            self.attributes["messaging.message.id"] = receipt.position.description
            if receipt.isDuplicate { self.attributes["hibiki.duplicate"] = true }
        case .failure(let error):
            self.attributes["error.type"] = error.code.rawValue
            self.setStatus(SpanStatus(code: .error))
        }
        self.end()
    }
}
