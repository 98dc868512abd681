// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIOCodec
import NIOCore

/// Finds in the log of a namespace what a socket has missed.
struct MissedEvents {
    /// Oldest first, each with its offset.
    private(set) var packets: [EncodedPacket] = []
    /// The last event for the socket; `nil` if it has missed none.
    private(set) var last: StreamPosition?
    /// The newest event that was looked at, for whomever it was.
    private(set) var end: StreamPosition

    /// The most events that are read at once.
    private static let portion = 256

    /// Reads on to the end of the log. `nil` if the log no longer reaches back to `start`, or has too much.
    init?(
        after start: StreamPosition, for session: StoredSession, _ context: NamespaceContext, _ limits: RecoveryOptions
    ) {
        self.end = start
        let filter = SessionFilter(session, node: context.node)
        var scanned = 0
        var bytes = 0
        while true {
            let slice = context.hub.read(
                context.topic, from: .after(self.end), limit: Self.portion, at: context.configuration.now())
            guard !slice.isGap else { return nil }
            for publication in slice.publications where filter.wants(publication) {
                guard let envelope = NamespaceEnvelope(publication.payload) else { continue }
                self.packets.append(limits.splice(envelope.packet, publication.position.description))
                self.last = publication.position
                bytes += publication.payload.readableBytes
                guard self.packets.count <= limits.missedEvents, bytes <= limits.missedBytes else { return nil }
            }
            self.end = slice.end
            scanned += slice.publications.count
            guard slice.hasMore else { return }
            guard scanned < limits.scannedEvents else { return nil }
        }
    }
}

/// Decides from the first bytes of an event whether it was for a socket. Most are not, so this takes no memory.
private struct SessionFilter {
    private struct Name {
        var bytes: ByteBuffer
        var joined: UInt64
    }

    private let names: [Name]
    private let id: ByteBuffer
    private let node: UInt64

    init(_ session: StoredSession, node: UInt64) {
        self.id = ByteBuffer(string: session.socket.id)
        self.names =
            [Name(bytes: self.id, joined: 0)]
            + session.memberships.map { Name(bytes: ByteBuffer(string: $0.room), joined: $0.joined) }
        self.node = node
    }

    func wants(_ publication: Publication) -> Bool {
        var reader = EnvelopeReader(publication.payload)
        guard let head = reader.readHead(), head.node == nil || head.node == self.node, head.leftOut != self.id,
            let rooms = reader.readCount()
        else { return false }
        var isMember = rooms == 0
        for _ in 0..<rooms {
            guard let room = reader.readName() else { return false }
            isMember =
                isMember
                || self.names.contains {
                    $0.bytes == room && $0.joined < publication.position.offset
                }
        }
        guard isMember, let exceptions = reader.readCount() else { return false }
        for _ in 0..<exceptions {
            guard let room = reader.readName(), !self.names.contains(where: { $0.bytes == room }) else { return false }
        }
        return true
    }
}
