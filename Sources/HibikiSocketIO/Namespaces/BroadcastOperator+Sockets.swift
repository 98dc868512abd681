// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What can be done with many sockets at once, on whatever node they are.
extension BroadcastSource {
    /// The sockets, as they are at this moment.
    ///
    /// - Throws: ``EmitError/unsupported`` for a family of namespaces.
    public func fetchSockets() async throws -> [RemoteSocket] {
        let everyone = self.everyone
        let namespace = try everyone.only
        guard let rooms = namespace.rooms else { return [] }
        return await rooms.gather(everyone.audience) { ($0 as? Socket).map(RemoteSocket.init) }
    }

    /// Puts the sockets into rooms, before what the caller emits afterwards.
    public func socketsJoin(_ rooms: String...) { self.socketsJoin(rooms) }

    public func socketsJoin(_ rooms: some Sequence<String>) {
        let names = Array(rooms)
        let audience = self.everyone.audience
        for rooms in self.everyone.allRooms {
            rooms.gather(audience) {
                ($0 as? Socket)?.note(joined: names)
            } completion: { _ in
            }
            rooms.joinAll(audience, names)
        }
    }

    /// Takes the sockets out of rooms, before what the caller emits afterwards.
    public func socketsLeave(_ rooms: String...) { self.socketsLeave(rooms) }

    public func socketsLeave(_ rooms: some Sequence<String>) {
        let names = Array(rooms)
        let audience = self.everyone.audience
        for rooms in self.everyone.allRooms {
            rooms.gather(audience) {
                ($0 as? Socket)?.note(left: names)
            } completion: { _ in
            }
            rooms.leaveAll(audience, names)
        }
    }

    /// Ends the sockets; see ``Socket/disconnect(close:)``.
    public func disconnectSockets(close: Bool = false) {
        let audience = self.everyone.audience
        for rooms in self.everyone.allRooms {
            rooms.gather(audience) {
                $0 as? Socket
            } completion: { sockets in
                for socket in sockets { socket.disconnect(close: close) }
            }
        }
    }
}

extension BroadcastOperator {
    fileprivate var allRooms: [NamespaceRooms] {
        self.target.namespaces.compactMap(\.rooms)
    }
}
