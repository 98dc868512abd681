// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiMessaging
import HibikiTransports
import Hummingbird

/// Answers whoever sends too much, with 429 and when to come back.
///
/// Routes for clients count what they cost themselves, once they know who asks. Everything else counts as one message of an anonymous
/// client, except what operators ask for: a probe has to be answered whatever else comes from its address, and so has the dashboard,
/// which limits the tries of passwords itself.
struct BudgetMiddleware: RouterMiddleware {
    /// Everything below it counts for itself.
    private static let counted = "/v1/"
    private static let operations: Set<String> = ["/health", "/livez", "/readyz", "/metrics"]

    func handle(
        _ request: Request, context: RouterContext, next: (Request, RouterContext) async throws -> Response
    ) async throws -> Response {
        do {
            let path = request.uri.path
            if !path.hasPrefix(Self.counted), !Self.operations.contains(path), !AdminRoutes.isOwn(path) {
                try context.budget?.spend(Spending(messages: 1), by: .anonymous, at: .now())
            }
            return try await next(request, context)
        } catch let refusal as BudgetRefusal {
            return ErrorResponse.make(refusal.wireError, headers: HTTPFields(refusal.responseFields))
        }
    }
}

extension HTTPFields {
    init(_ fields: [(name: String, value: String)]) {
        self.init()
        for field in fields {
            guard let name = HTTPField.Name(field.name) else { continue }
            self[name] = field.value
        }
    }
}
