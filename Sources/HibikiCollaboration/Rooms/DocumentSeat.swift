// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization

/// A connection's place in a document.
public final class DocumentSeat: Sendable {
    private let room: DocumentRoom
    private let peer: any DocumentPeer
    private let leaving: @Sendable () -> Void
    private let isTaken = Mutex(true)

    init(room: DocumentRoom, peer: any DocumentPeer, leaving: @escaping @Sendable () -> Void) {
        self.room = room
        self.peer = peer
        self.leaving = leaving
    }

    /// Hands in a frame of the protocol; ``DocumentPeer/answer(_:handled:)`` says when it was dealt with.
    public func receive(_ frame: [UInt8]) { self.room.post(.frame(frame, self.peer)) }

    /// The connection has gone. Further calls do nothing.
    public func leave() {
        let wasTaken = self.isTaken.withLock { isTaken in
            defer { isTaken = false }
            return isTaken
        }
        guard wasTaken else { return }
        self.room.post(.leave(self.peer))
        self.leaving()
    }
}
