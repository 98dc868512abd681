// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging

/// Why a request is not answered as it wanted to be: a status and words for people.
struct RequestRefusal: Error, Equatable {
    let status: Int
    let message: String
    /// The budget that was spent, if it was one.
    var budget: BudgetRefusal?

    init(status: Int, message: String, budget: BudgetRefusal? = nil) {
        self.status = status
        self.message = message
        self.budget = budget
    }

    static func badRequest(_ message: String) -> RequestRefusal {
        RequestRefusal(status: 400, message: message)
    }

    static let headTooLarge = RequestRefusal(status: 431, message: "the request head is too large")
    static let tooManyFields = RequestRefusal(status: 431, message: "the request has too many header fields")
    static let bodyTooLarge = RequestRefusal(status: 413, message: "the request body is too large")
    static let timeout = RequestRefusal(status: 408, message: "the request took too long")
    static let shuttingDown = RequestRefusal(status: 503, message: "the server is about to stop; try again in a moment")
    static let tooManyConnections = RequestRefusal(
        status: 503, message: "too many connections; come back in a moment")
    static let version = RequestRefusal(status: 505, message: "only HTTP/1.0 and HTTP/1.1 are spoken here")

    /// Where the client has to come back another time, when that is, in seconds.
    var fields: [(name: String, value: String)] {
        self.budget?.responseFields ?? (self == .tooManyConnections ? [("Retry-After", "5")] : [])
    }
}
