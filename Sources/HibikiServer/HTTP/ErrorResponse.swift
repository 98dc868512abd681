// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiWire
import Hummingbird
import NIOCore

/// Errors as the protocol has them over HTTP.
enum ErrorResponse {
    static func make(_ error: WireError, headers: HTTPFields = [:]) -> Response {
        var body = ByteBuffer()
        body.writeErrorBody(error)
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(
            status: HTTPResponse.Status(code: error.code.httpStatus), headers: headers,
            body: ResponseBody(byteBuffer: body)
        )
    }
}

/// Turns what routes throw into the protocol's errors.
struct ErrorMiddleware: RouterMiddleware {
    /// The methods that each path answers to, by its first component or as a whole.
    let methods: [String: String]

    func handle(
        _ request: Request, context: RouterContext, next: (Request, RouterContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as WireError {
            return ErrorResponse.make(error)
        } catch let error as HTTPError where error.status == .notFound {
            return self.notFound(request)
        } catch let error as HTTPError where error.status == .contentTooLarge {
            return ErrorResponse.make(WireError(.tooLarge, "the body is too large"))
        }
    }

    private func notFound(_ request: Request) -> Response {
        guard let methods = self.methods[request.uri.path] else {
            return ErrorResponse.make(WireError(.notFound, "there is nothing at \(request.uri.path)"))
        }
        let error = WireError(.methodNotAllowed, "\(request.uri.path) answers to \(methods)")
        return ErrorResponse.make(error, headers: [.allow: methods])
    }
}
