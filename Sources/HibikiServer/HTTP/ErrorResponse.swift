// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiMessaging
import HibikiWire
import Hummingbird
import NIOCore

/// Errors as the protocol has them over HTTP.
enum ErrorResponse {
    /// - Parameter status: another than the one that belongs to the error.
    static func make(_ error: WireError, status: HTTPResponse.Status? = nil, headers: HTTPFields = [:]) -> Response {
        var body = ByteBuffer()
        body.writeErrorBody(error)
        var headers = headers
        headers[.contentType] = "application/json"
        let status = status ?? HTTPResponse.Status(code: error.code.httpStatus)
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: body))
    }
}

/// Turns what routes throw into the protocol's errors.
struct ErrorMiddleware: RouterMiddleware {
    let routes: RouteTable

    func handle(
        _ request: Request, context: RouterContext, next: (Request, RouterContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as WireError {
            return ErrorResponse.make(error)
        } catch let failure as AuthenticationFailure {
            return ErrorResponse.make(failure)
        } catch let error as HTTPError where error.status == .notFound {
            return self.notFound(request)
        } catch let error as HTTPError where error.status == .contentTooLarge {
            return ErrorResponse.make(WireError(.tooLarge, "the body is too large"))
        } catch let error as HTTPError where error.status.kind == .clientError {
            let words = error.body ?? error.status.reasonPhrase
            return ErrorResponse.make(WireError(.invalidMessage, words), status: error.status)
        }
    }

    private func notFound(_ request: Request) -> Response {
        guard let known = self.routes.methods(of: request.uri.path), !known.contains(request.method.rawValue) else {
            return ErrorResponse.make(WireError(.notFound, "there is nothing at \(request.uri.path)"))
        }
        let methods = known.joined(separator: ", ")
        let error = WireError(.methodNotAllowed, "\(request.uri.path) answers to \(methods)")
        return ErrorResponse.make(error, headers: [.allow: methods])
    }
}
