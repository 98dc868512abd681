// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import HibikiMessaging
import HibikiServer
import HibikiTransports

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make a token for a client.",
        discussion: """
            Without a key it is signed with the secret that `hibiki serve` keeps in its data folder, which is made if it is \
            not there. Whoever has the token may do what its principal may, so hand it to nobody else.

            EXAMPLES
              hibiki token --sub alice --roles admin,editor --ttl 1h
              hibiki token --sub build-server --ttl 30d --secret-file secret.txt
              hibiki token --sub alice --private-key key.pem --aud chat --iss https://login.example.com
            """
    )

    @Option(help: ArgumentHelp("Whose token it is.", valueName: "id"))
    var sub: String

    @Option(help: ArgumentHelp("The roles of the principal, with commas between them.", valueName: "roles"))
    var roles: String = ""

    @Option(
        help: ArgumentHelp(
            "What it allows beside the rules of the server, as in \"subscribe orders/7\". Repeatable.",
            valueName: "grant"))
    var permission: [Grant] = []

    @Option(help: ArgumentHelp("How long it counts: 90s, 15m, 1h, 30d.", valueName: "time"))
    var ttl: Lifetime = .default

    @Option(help: ArgumentHelp("Whom it is for.", valueName: "name"))
    var aud: String?

    @Option(help: ArgumentHelp("Who has made it.", valueName: "name"))
    var iss: String?

    @Option(
        help: ArgumentHelp(
            "A file with the secret; HIBIKI_TOKEN_SECRET_FILE in the environment says it too.", valueName: "file"))
    var secretFile: String?

    @Option(help: ArgumentHelp("A PEM file with a private key: RSA, P-256, P-384 or Ed25519.", valueName: "file"))
    var privateKey: String?

    @Option(
        help: ArgumentHelp(
            "The data folder of the server; HIBIKI_DATA in the environment says it too.", valueName: "folder"))
    var data: String?

    func validate() throws {
        guard Principal.idLengths.contains(self.sub.utf8.count) else {
            throw ValidationError("--sub has 1 to \(Principal.idLengths.upperBound) bytes.")
        }
        guard self.secretFile == nil || self.privateKey == nil else {
            throw ValidationError("A token is signed with one key: give --secret-file or --private-key.")
        }
    }

    func run() async throws {
        let draft = TokenDraft(
            subject: self.sub, roles: self.roles.split(separator: ",").map(String.init), permissions: self.permission,
            lifetime: self.ttl.duration, audience: self.aud, issuer: self.iss)
        do {
            print(try draft.signed(with: try await self.key(), at: .now()))
        } catch let problem as SecretFile.Problem {
            throw ValidationError(problem.description)
        }
    }

    private func key() async throws -> TokenKey {
        if let path = self.privateKey { return try await SecretFile.privateKey(path) }
        if let path = self.secretFile ?? UserDataFolder.variable("HIBIKI_TOKEN_SECRET_FILE") {
            return try await SecretFile.key(path)
        }
        let made = try SecretFile.makeUnlessThere(in: self.data ?? UserDataFolder.configured)
        return try await SecretFile.key(made.path)
    }
}

/// A time such as `1h`.
struct Lifetime: ExpressibleByArgument {
    static let `default` = Lifetime(duration: .seconds(3_600))
    /// Ten years.
    private static let mostSeconds: Int64 = 3_650 * 86_400

    let duration: Duration

    private init(duration: Duration) {
        self.duration = duration
    }

    init?(argument: String) {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let last = argument.last else { return nil }
        let unit = units[last]
        guard let number = Int64(unit == nil ? argument[...] : argument.dropLast()), number > 0 else { return nil }
        let (seconds, overflows) = number.multipliedReportingOverflow(by: unit ?? 1)
        guard !overflows, seconds <= Self.mostSeconds else { return nil }
        self.duration = .seconds(seconds)
    }

    var defaultValueDescription: String { "1h" }
}
