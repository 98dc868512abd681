// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore

/// The data of the events that a server adds to those of the topics: `connected`, `gap`, `unsubscribed`, `server:disconnect` and
/// `server:shutdown`.
struct ServerNotice {
    private(set) var clientID: String?
    private(set) var topics: [String] = []
    private(set) var reconnectDelay: Duration?
    private(set) var topic = ""
    private(set) var message = ""
    private(set) var mayReturn = false

    init(parsing data: ByteBuffer) throws(WireError) {
        do throws(JSONSyntaxError) {
            self = try data.withJSONScanner { scanner throws(JSONSyntaxError) in
                var notice = ServerNotice()
                try scanner.enterObject()
                while let name = try scanner.nextMember() { try notice.read(name, &scanner) }
                try scanner.finish()
                return notice
            }
        } catch {
            throw WireError(.invalidMessage, "\(error.message) at byte \(error.offset)")
        }
    }

    private init() {}

    private mutating func read(_ name: JSONText, _ scanner: inout JSONScanner) throws(JSONSyntaxError) {
        switch name {
        case "clientId":
            self.clientID = try scanner.readString()
        case "topics":
            try scanner.enterArray()
            while try scanner.nextElement() { self.topics.append(try scanner.readString()) }
        case "topic":
            self.topic = try scanner.readString()
        case "message":
            self.message = try scanner.readString()
        case "retry":
            self.mayReturn = try scanner.readValue().kind == .true
        case "reconnectDelay":
            let value = try scanner.readValue()
            self.reconnectDelay = scanner.integer(of: value).map { .milliseconds(min(max($0, 0), 86_400_000)) }
        default:
            try scanner.readValue()
        }
    }
}
