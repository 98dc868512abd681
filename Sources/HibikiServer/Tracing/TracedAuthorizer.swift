// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Tracing

/// An authorizer each of whose questions has a span, if somebody has to be asked. Who it is about is not in it.
struct TracedAuthorizer: Authorizer {
    let base: any Authorizer
    let tracer: any Tracer

    func known(_ question: AuthorizationQuestion, at now: Timestamp) -> Bool? {
        self.base.known(question, at: now)
    }

    func ask(_ question: AuthorizationQuestion, at now: Timestamp) async -> AuthorizationAnswer {
        await self.tracer.withSpan("authorize \(question.verb.rawValue)") { span in
            span.attributes["hibiki.authorization.action"] = question.verb.rawValue
            span.attributes["hibiki.topic"] = question.topic?.name
            let answer = await self.base.ask(question, at: now)
            span.attributes["hibiki.authorization.answer"] = "\(answer)"
            if answer == .unavailable { span.setStatus(SpanStatus(code: .error)) }
            return answer
        }
    }
}
