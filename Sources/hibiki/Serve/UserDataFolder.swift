// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Where a server keeps what outlives it, if nobody says where.
enum UserDataFolder {
    /// What systemd gives to a service.
    static var ofService: String? { self.variable("STATE_DIRECTORY") }

    /// The same, or else the folder of the user's data (XDG Base Directory Specification).
    static var `default`: String {
        if let state = self.ofService { return state }
        if let data = self.variable("XDG_DATA_HOME") { return data + "/hibiki" }
        if let home = self.variable("HOME") { return home + "/.local/share/hibiki" }
        return "hibiki-data"
    }

    /// For commands that work on the same folder as a server.
    static var configured: String { self.variable("HIBIKI_DATA") ?? self.default }

    static func variable(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
