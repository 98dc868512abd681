// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIO
import HibikiTransports
import HibikiWire

extension ServerDirectory {
    /// The connections and sockets of everybody who has shown a token.
    func devices() async -> [ExactString: Set<PresenceDevice>] {
        var found = await self.door.devices()
        for namespace in self.socketIO?.namespaces ?? [] {
            for socket in await namespace.localSockets() {
                guard let id = socket.principal.id else { continue }
                found[ExactString(id), default: []].insert(socket.device)
            }
        }
        return found
    }
}
