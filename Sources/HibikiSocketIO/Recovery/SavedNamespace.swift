// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
package import HibikiWire
import NIOCore

/// What a namespace with recovery keeps over a restart of the server.
package struct SavedNamespace: Sendable {
    package var name: String
    /// What events for members of this node alone are marked with.
    package var node: UInt64
    /// How far the topics of bridged rooms have been taken into the log of the namespace.
    package var crossings: [ExactString: StreamPosition] = [:]
    package var sessions: [StoredSession] = []

    package init(name: String, node: UInt64) {
        self.name = name
        self.node = node
    }

    package func save(_ write: (SavedRecord) throws -> Void) rethrows {
        try write(
            SavedRecord(.namespace) { bytes in
                bytes.writeSaved(self.name)
                bytes.writeInteger(self.node)
            })
        for (room, position) in self.crossings {
            try write(
                SavedRecord(.crossing) { bytes in
                    bytes.writeSaved(room.text)
                    bytes.writeSaved(position)
                })
        }
        for session in self.sessions {
            try write(SavedRecord(.session) { session.write(to: &$0) })
        }
    }
}

/// Namespaces that are being read from their records.
package struct SavedNamespaces {
    package private(set) var all: [SavedNamespace] = []

    package init() {}

    /// - Returns: `false` for a record that is not a namespace's.
    package mutating func restore(_ record: SavedRecord) throws(DamagedState) -> Bool {
        var body = record.body
        switch record.kind {
        case .namespace:
            self.all.append(SavedNamespace(name: try body.readSavedText(), node: try body.readSaved()))
        case .crossing:
            let room = try body.readSavedText()
            let position = try body.readSavedPosition()
            try self.change { $0.crossings[ExactString(room)] = position }
        case .session:
            let session = try StoredSession(saved: &body)
            try self.change { $0.sessions.append(session) }
        default:
            return false
        }
        return true
    }

    private mutating func change(_ change: (inout SavedNamespace) -> Void) throws(DamagedState) {
        guard let last = self.all.indices.last else { throw DamagedState("a session has no namespace") }
        change(&self.all[last])
    }
}

extension StoredSession {
    fileprivate func write(to bytes: inout ByteBuffer) {
        bytes.writeSaved(self.socket.id)
        bytes.writeSaved(self.socket.privateID)
        bytes.writeSaved(self.socket.who)
        bytes.writeInteger(self.disconnected.milliseconds)
        bytes.writeSaved(self.history.connected)
        bytes.writeSaved(self.history.lastSent)
        bytes.writeSaved(self.handed)
        bytes.writeInteger(UInt32(truncatingIfNeeded: self.memberships.count))
        for membership in self.memberships {
            bytes.writeSaved(membership.room)
            bytes.writeInteger(membership.joined)
        }
        let data = (self.socket.data as? SocketData)?.texts ?? []
        bytes.writeInteger(UInt32(truncatingIfNeeded: data.count))
        for (name, text) in data {
            bytes.writeSaved(name)
            bytes.writeSaved(text)
        }
    }

    fileprivate init(saved bytes: inout ByteBuffer) throws(DamagedState) {
        var socket = LeavingSession(id: try bytes.readSavedText(), privateID: try bytes.readSavedText())
        socket.who = try bytes.readSavedOptionalText()
        self.disconnected = Timestamp(milliseconds: try bytes.readSaved())
        self.history = MemberHistory(
            connected: try bytes.readSavedPosition(), lastSent: try bytes.readSavedPosition())
        self.handed = try bytes.readSavedPosition()
        self.memberships = []
        for _ in 0..<(try bytes.readSaved(UInt32.self)) {
            self.memberships.append(Membership(room: try bytes.readSavedText(), joined: try bytes.readSaved()))
        }
        var data: [(name: String, text: ByteBuffer)] = []
        for _ in 0..<(try bytes.readSaved(UInt32.self)) {
            data.append((try bytes.readSavedText(), try bytes.readSavedBytes()))
        }
        socket.data = SocketData(texts: data)
        self.socket = socket
    }
}
