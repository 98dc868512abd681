// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiTransports
import HibikiWire
import Hummingbird

/// What the dashboard asks for in a request's query.
struct AdminQuery {
    /// Rows of a page.
    static let limit = 100
    private static let mostBytes = 512

    private let query: RequestQuery

    init(_ request: Request) throws(WireError) {
        self.query = try RequestQuery(request)
    }

    /// `nil` for what is not there, or empty.
    func text(_ name: String) throws(WireError) -> String? {
        guard let value = self.query.text(name), !value.isEmpty else { return nil }
        guard value.utf8.count <= Self.mostBytes else { throw WireError(.invalidMessage, "\(name) is too long") }
        return value
    }

    func required(_ name: String) throws(WireError) -> String {
        guard let value = try self.text(name) else { throw WireError(.invalidMessage, "\(name) is missing") }
        return value
    }

    func topic(_ name: String) throws(WireError) -> Topic {
        try Topic(try self.required(name))
    }

    func connection(_ name: String) throws(WireError) -> ConnectionID? {
        guard let text = try self.text(name) else { return nil }
        guard let id = ConnectionID(text) else { throw WireError(.invalidMessage, "\(name) is no connection's id") }
        return id
    }
}
