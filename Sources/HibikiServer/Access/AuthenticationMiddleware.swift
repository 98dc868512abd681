// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiMessaging
import HibikiTransports
import HibikiWire
import Hummingbird

/// Finds out who has sent a request, and refuses it if that cannot be.
struct AuthenticationMiddleware: RouterMiddleware {
    let access: AccessControl
    let origins: OriginPolicy

    func handle(
        _ request: Request, context: RouterContext, next: (Request, RouterContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        do {
            context.principal = try await self.principal(of: request, context.budget)
            let cost = Spending(messages: 1, bytes: context.bodyBytes)
            try context.budget?.spend(cost, by: context.principal, at: .now())
            if !context.principal.isAnonymous, context.principal.key == nil {
                self.access.doorkeeper?.saw(.requests, of: context.principal, at: .now())
            }
            return try await next(request, context)
        } catch let failure as AuthenticationFailure {
            return ErrorResponse.make(failure)
        } catch let error as WireError where error.code == .authenticationRequired {
            return ErrorResponse.make(.required)
        }
    }

    private func principal(of request: Request, _ budget: RequestBudget?) async throws -> Principal {
        let headers = request.headers
        let fetchSite = HTTPField.Name("Sec-Fetch-Site").flatMap { headers[$0] }
        let trustsCookies = self.origins.trustsCookies(
            origins: headers[values: .origin], host: request.head.authority, fetchSite: fetchSite)
        let token = RequestToken(
            authorization: headers[values: .authorization], query: (request.uri.query ?? "")[...],
            cookies: trustsCookies ? headers[values: .cookie] : [], cookie: self.access.cookie)
        switch token {
        case _ where self.access.authenticator == nil: return try await self.access.principal(of: nil, at: .now())
        case .none: return try await self.access.principal(of: nil, at: .now())
        case .several: throw AuthenticationFailure.severalTokens
        case .one(let token): return try await self.principal(of: token, budget)
        }
    }

    private func principal(of token: String, _ budget: RequestBudget?) async throws -> Principal {
        try budget?.checkTokens(at: .now())
        do throws(AuthenticationFailure) {
            return try await self.access.principal(of: token, at: .now())
        } catch {
            budget?.tokenFailed(error, at: .now())
            throw error
        }
    }
}

extension ErrorResponse {
    static func make(_ failure: AuthenticationFailure) -> Response {
        self.make(failure.wireError, headers: HTTPFields(failure.responseFields))
    }
}
