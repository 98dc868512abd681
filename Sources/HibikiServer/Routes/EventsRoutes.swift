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

    private func publish(_ request: Request, _ context: RouterContext) async throws -> Response {
        let principal = context.principal
        let body = try await request.body.collect(upTo: self.bodyBytes)
        var answer = ByteBuffer()
        switch try PublishRequest.parse(body) {
        case .single(let request):
            answer.writePublishAnswer(try await self.publish(self.draft(request, by: principal)))
        case .array(let requests):
            // The request itself has counted for the first.
            try context.budget?.spend(Spending(messages: requests.count - 1), by: principal, at: .now())
            // All are checked before the first is published, so that a refusal leaves nothing behind.
            var drafts: [Draft] = []
            for request in requests { drafts.append(try await self.draft(request, by: principal)) }
            var answers: [PublishAnswer] = []
            for draft in drafts {
                answers.append(try await self.publish(draft))
            }
            answer.writePublishAnswers(answers)
        }
        var headers = HTTPFields(context.budget?.messagesLeft(of: principal, at: .now())?.responseFields ?? [])
        headers[.contentType] = "application/json"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: answer))
    }

    private func draft(_ request: PublishRequest, by principal: Principal) async throws(WireError) -> Draft {
        let topic = try Topic(request.topic)
        let draft = Draft(topic: topic, event: request.event, payload: request.payload, key: request.id)
        try await self.hub.authorize(draft, by: principal, at: .now())
        return draft
    }

    private func publish(_ draft: Draft) async throws -> PublishAnswer {
        let receipt = try await self.hub.publish(draft, at: .now())
        return PublishAnswer(position: receipt.position.description, duplicate: receipt.isDuplicate)
    }
}
