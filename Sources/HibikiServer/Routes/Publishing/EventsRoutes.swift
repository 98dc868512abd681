// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiMessaging
import HibikiTransports
import HibikiWire
import Hummingbird
import NIOCore

/// `POST /v1/events`: publishing over HTTP. Reading is the front door's.
struct EventsRoutes {
    let hub: Hub
    let bodyBytes: Int

    func add(to router: some RouterMethods<RouterContext>) {
        router.post("v1/events") { request, context in
            try await self.publish(request, context)
        }
    }

    /// All is checked before the first is published, so that a refusal leaves nothing behind.
    private func publish(_ request: Request, _ context: RouterContext) async throws -> Response {
        let principal = context.principal
        let body = try await request.body.collect(upTo: self.bodyBytes)
        let key = try IdempotencyKey(request.headers)
        let parsed = try PublishRequest.parse(body)
        // The request itself has counted for the first.
        try context.budget?.spend(Spending(messages: parsed.count - 1), by: principal, at: .now())
        var response = try await self.publish(parsed, key, by: principal)
        for field in HTTPFields(context.budget?.messagesLeft(of: principal, at: .now())?.responseFields ?? []) {
            response.headers[field.name] = field.value
        }
        return response
    }

    private func publish(
        _ parsed: PublishBatch, _ key: IdempotencyKey?, by principal: Principal
    ) async throws -> Response {
        switch parsed {
        case .single(let request):
            let results = await self.publish([try await self.draft(request, request.id ?? key?.text, by: principal)])
            return try PublishResults(results).single()
        case .array(let requests):
            var drafts: [Draft] = []
            for (index, request) in requests.enumerated() {
                drafts.append(try await self.draft(request, request.id ?? key?.id(at: index), by: principal))
            }
            return PublishResults(await self.publish(drafts)).array()
        case .broadcast(let request, let topics):
            var drafts: [Draft] = []
            for topic in topics {
                var request = request
                request.topic = topic
                drafts.append(try await self.draft(request, request.id ?? key?.text, by: principal))
            }
            return PublishResults(await self.publish(drafts)).broadcast(to: topics)
        }
    }

    private func draft(
        _ request: PublishRequest, _ key: String?, by principal: Principal
    ) async throws(WireError) -> Draft {
        let topic = try Topic(request.topic)
        let draft = Draft(topic: topic, event: request.event, payload: request.payload, key: key)
        try await self.hub.authorize(draft, by: principal, at: .now())
        return draft
    }

    private func publish(_ drafts: [Draft]) async -> [Result<PublishReceipt, WireError>] {
        var results: [Result<PublishReceipt, WireError>] = []
        for draft in drafts {
            results.append(
                await withCheckedContinuation { continuation in
                    self.hub.publish(draft, at: .now()) { continuation.resume(returning: $0) }
                })
        }
        return results
    }
}
