// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import HibikiClient

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Which server a command talks to.
struct ServerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The server's address; HIBIKI_URL in the environment says it too.", valueName: "address"))
    var url: String = Self.defaultURL

    @Option(
        help: ArgumentHelp(
            "A token to show; HIBIKI_TOKEN in the environment says it too, where others cannot see it.",
            valueName: "token"))
    var token: String?

    @Option(
        name: .customLong("ca-file"),
        help: ArgumentHelp(
            """
            Certificates in PEM to trust with https://, in place of the system's: of an authority of your own, or the \
            server's itself; HIBIKI_CA_FILE in the environment says it too.
            """,
            valueName: "file"))
    var authorities: String?

    /// What every request has beside what it is about.
    var headers: [(name: String, value: String)] {
        guard let token = self.token ?? UserDataFolder.variable("HIBIKI_TOKEN") else { return [] }
        return [(name: "Authorization", value: "Bearer \(token)")]
    }

    static var defaultURL: String {
        guard let value = getenv("HIBIKI_URL"), value.pointee != 0 else { return "http://127.0.0.1:8080" }
        return String(cString: value)
    }

    private var trust: ServerTrust {
        let file = self.authorities ?? UserDataFolder.variable("HIBIKI_CA_FILE")
        return file.map { .certificates(file: $0) } ?? .system
    }

    func address() throws -> HibikiURL {
        do {
            return try HibikiURL(self.url, trust: self.trust)
        } catch {
            throw ValidationError(error.message)
        }
    }
}
