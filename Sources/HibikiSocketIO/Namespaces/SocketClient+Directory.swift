// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
import HibikiSocketIOCodec
package import HibikiTransports

/// What whoever runs the server sees of a client, and does to it.
extension SocketClient {
    package func describe(in record: inout ConnectionRecord) {
        let sockets = self.sockets.sorted { $0.namespace.name < $1.namespace.name }
        for socket in sockets {
            let rooms = socket.otherRooms
            record.principal = record.principal ?? socket.principal.id
            record.topics += rooms.compactMap { socket.namespace.topic(of: $0) }
            record.sockets.append(
                ConnectionRecord.Socket(namespace: socket.namespace.name, id: socket.id, rooms: rooms))
        }
    }

    /// A client that may come back only loses its connection; one that may not is put out of its namespaces, after which it does
    /// not come back by itself.
    package func dismiss(_ dismissal: Dismissal) -> Bool {
        for socket in self.sockets {
            socket.tell(
                "server:disconnect",
                [
                    "code": .integer(Int64(dismissal.code)), "message": .string(dismissal.reason),
                    "retry": .bool(dismissal.invitesBack),
                ])
        }
        if dismissal.invitesBack {
            self.shutAfterEverything(with: .forcedServerClose)
        } else {
            self.disconnectAll(with: .serverNamespaceDisconnect)
        }
        return true
    }

    private func shutAfterEverything(with reason: DisconnectReason) {
        let sockets = self.sockets
        guard !sockets.isEmpty else { return self.shut(with: reason) }
        let countdown = Countdown(from: sockets.count) { self.shut(with: reason) }
        for socket in sockets {
            socket.afterEverything { countdown.count() }
        }
    }
}

extension Socket {
    /// The rooms that it is in without its own, in their order.
    package var otherRooms: [String] {
        self.rooms.filter { $0 != self.id }.sorted()
    }

    /// Ends the connection that it is on, with all sockets there.
    package func dismiss(_ dismissal: Dismissal) {
        _ = self.client.dismiss(dismissal)
    }

    package func isOf(_ principal: String) -> Bool { self.principal.isCalled(principal) }

    package func evicted(from room: String, of topic: Topic) {
        self.note(left: [room])
        self.tell("unsubscribed", ["topic": .string(topic.name)])
    }

    /// Takes it out of the rooms that are a topic, and tells its client.
    ///
    /// - Returns: whether it was in one.
    package func unsubscribe(from topic: Topic) -> Bool {
        let rooms = self.otherRooms.filter { self.namespace.topic(of: $0) == topic }
        guard !rooms.isEmpty else { return false }
        self.leave(rooms)
        self.tell("unsubscribed", ["topic": .string(topic.name)])
        return true
    }
}
