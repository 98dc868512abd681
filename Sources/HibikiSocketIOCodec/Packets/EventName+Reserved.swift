// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension EventName {
    /// Whether it is one of the events that a socket raises by itself: a peer must not be able to imitate them, and an
    /// application cannot emit them.
    package var isReserved: Bool {
        // The length is asked first: it tells almost all names apart.
        guard case .string(let name) = self, 7...14 ~= name.utf8.count else { return false }
        switch name {
        case "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener": return true
        default: return false
        }
    }
}
