// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging

extension SearchCursor {
    /// The cursor as clients carry it: the time and the message's id.
    public var text: String { "\(self.timestamp.milliseconds).\(self.message)" }

    /// `nil` for a text that no search has given.
    public init?(_ text: String) {
        guard let dot = text.utf8.firstIndex(of: UInt8(ascii: ".")), let milliseconds = Int64(text[..<dot]),
            let message = MessageID(String(text.utf8[dot...].dropFirst()) ?? "")
        else { return nil }
        self.init(timestamp: Timestamp(milliseconds: milliseconds), message: message)
    }

    public init(_ message: Message) {
        self.init(timestamp: message.timestamp, message: message.id)
    }

    /// Whether a message comes later in the order of a search than this one: it is older.
    public func precedes(_ message: Message) -> Bool {
        if message.timestamp != self.timestamp { return message.timestamp < self.timestamp }
        return message.id < self.message
    }
}
