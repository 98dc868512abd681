// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Synchronization

/// What whoever runs the server sees of it, on this node.
extension SocketIOServer {
    /// In the order of their names.
    package var namespaces: [Namespace] {
        self.state.withLock { Array($0.namespaces.values) }.sorted { $0.name < $1.name }
    }

    /// `nil` if there is none of that name. None is made.
    package func namespace(named name: String) -> Namespace? { self.existing(name) }

    /// The sockets of all namespaces whose clients have shown a token of a principal.
    package func sockets(of principal: String) async -> [Socket] {
        var found: [Socket] = []
        for namespace in self.namespaces {
            found += await namespace.localSockets().filter { socket in
                socket.principal.id.map { $0.utf8.elementsEqual(principal.utf8) } ?? false
            }
        }
        return found
    }
}

extension Namespace {
    /// The sockets on this node, or those of one room.
    package func localSockets(in room: String? = nil) async -> [Socket] {
        guard let rooms = self.rooms else { return [] }
        return await rooms.gather(Audience(rooms: room.map { [$0] } ?? [])) { $0 as? Socket }
    }

    /// The rooms that have sockets on this node, with how many; without those of the sockets' own ids.
    package func sharedRoomSizes() async -> [String: Int] {
        guard let rooms = self.rooms else { return [:] }
        return await withCheckedContinuation { continuation in
            rooms.sharedRoomSizes { continuation.resume(returning: $0) }
        }
    }
}
