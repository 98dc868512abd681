// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiTransports
import HibikiWire
import Hummingbird
import NIOCore

/// Whether a request may reach the dashboard at all, before anybody asks for a session.
///
/// The list of allowed origins has no say here: a page of another origin has no business with the dashboard, even if it may use the
/// rest of the server.
struct AdminGate {
    /// Every request that changes something carries this field, which no form and no link of another site can send.
    static let field = "x-hibiki-admin"

    /// What a browser says about where a request comes from.
    struct Source {
        /// The values of `Origin`.
        var origins: [String]
        /// The value of `Sec-Fetch-Site` (Fetch Metadata), if the browser has one.
        var fetchSite: String?
        var host: String?
        var scheme: RequestScheme?
    }

    /// Whether names that are not of this machine are refused; see ``HibikiTransports/OriginPolicy/trustsLocalHostsOnly``.
    let trustsLocalHostsOnly: Bool

    /// - Parameter isPage: whether the request may come of a link that somebody has followed.
    func admits(_ source: Source, isPage: Bool) -> Bool {
        var policy = OriginPolicy()
        policy.trustsLocalHostsOnly = self.trustsLocalHostsOnly
        let verdict = policy.verdict(origins: source.origins, host: source.host, scheme: source.scheme)
        guard verdict == .sameOrigin else { return false }
        switch source.fetchSite {
        case nil, "same-origin", "none": return true
        default: return isPage
        }
    }
}

/// Stands before every path of the dashboard but its stream, whether anything is there or not: nothing is there without a password, nothing is answered to other sites,
/// and nothing is stored or shown in a frame.
struct AdminGateMiddleware: RouterMiddleware {
    private static let securityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'"
    private static let headers: HTTPFields = {
        var headers: HTTPFields = [
            .cacheControl: "no-store", .xContentTypeOptions: "nosniff", .contentSecurityPolicy: securityPolicy,
        ]
        for (name, value) in [
            ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ] {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        return headers
    }()

    let access: AdminAccess
    /// Asked for each request, because it can be set anew while the server runs.
    let gate: @Sendable () -> AdminGate

    func handle(
        _ request: Request, context: RouterContext, next: (Request, RouterContext) async throws -> Response
    ) async throws -> Response {
        guard AdminRoutes.isOwn(request.uri.path) else { return try await next(request, context) }
        guard self.access.isOn else {
            throw WireError(.notFound, "there is nothing at \(request.uri.path)")
        }
        var response: Response
        do throws(WireError) {
            try self.check(request, context)
            response = try await self.answer(request, context, next)
        } catch {
            response = ErrorResponse.make(error)
        }
        for field in Self.headers { response.headers[field.name] = field.value }
        return response
    }

    private func check(_ request: Request, _ context: RouterContext) throws(WireError) {
        let source = AdminGate.Source(
            origins: request.headers[values: .origin],
            fetchSite: HTTPField.Name("sec-fetch-site").flatMap { request.headers[$0] },
            host: request.head.authority, scheme: context.scheme)
        let isRead = request.method == .get || request.method == .head
        guard self.gate().admits(source, isPage: isRead && !request.uri.path.hasPrefix(AdminRoutes.api)) else {
            throw WireError(.originNotAllowed, "the dashboard answers to its own page only")
        }
        guard isRead || HTTPField.Name(AdminGate.field).flatMap({ request.headers[$0] }) != nil else {
            throw WireError(.permissionDenied, "a request that changes something has the field \(AdminGate.field)")
        }
    }

    private func answer(
        _ request: Request, _ context: RouterContext, _ next: (Request, RouterContext) async throws -> Response
    ) async throws(WireError) -> Response {
        do {
            return try await next(request, context)
        } catch let error as WireError {
            throw error
        } catch let error as HTTPError where error.status == .notFound {
            throw WireError(.notFound, "there is nothing at \(request.uri.path)")
        } catch is NIOTooManyBytesError {
            throw WireError(.tooLarge, "the body is too large")
        } catch let error as HTTPError where error.status == .contentTooLarge {
            throw WireError(.tooLarge, "the body is too large")
        } catch let error as HTTPError where error.status.kind == .clientError {
            throw WireError(.invalidMessage, error.body ?? error.status.reasonPhrase)
        } catch {
            throw WireError(.internalError, "this is a fault of the server")
        }
    }
}

/// Lets nobody on without a session.
struct AdminSessionMiddleware: RouterMiddleware {
    let access: AdminAccess

    func handle(
        _ request: Request, context: RouterContext, next: (Request, RouterContext) async throws -> Response
    ) async throws -> Response {
        guard self.access.timeLeft(of: AdminCookie.session(in: request.headers[values: .cookie])) != nil else {
            throw WireError(.authenticationRequired, "log in first")
        }
        return try await next(request, context)
    }
}
