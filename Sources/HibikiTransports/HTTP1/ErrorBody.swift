// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
package import HibikiWire
import NIOCore

/// The body of an error response.
enum ErrorBody {
    static func make(_ error: WireError) -> ByteBuffer {
        var body = ByteBuffer()
        body.writeErrorBody(error)
        return body
    }
}

extension WireError {
    init(_ refusal: RequestRefusal) {
        let code: WireErrorCode =
            switch refusal.status {
            case 413, 431: .tooLarge
            case 429: .rateLimited
            case 503: refusal == .shuttingDown ? .shuttingDown : .overloaded
            default: .invalidMessage
            }
        self.init(code, refusal.message, retryAfter: refusal.budget?.milliseconds)
    }
}

extension HTTPExchange {
    /// Answers with an error and the status that belongs to it.
    package func refuse(_ error: WireError, status: Int? = nil, fields: [(name: String, value: String)] = []) {
        let fields = [(name: "Content-Type", value: "application/json")] + fields
        self.respond(status: status ?? error.code.httpStatus, fields: fields, body: ErrorBody.make(error))
    }
}
