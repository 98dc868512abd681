// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import HibikiServer

struct AdminPasswordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admin-password",
        abstract: "Make a password for the dashboard at /admin/.",
        discussion: """
            Asks for the password, or reads the first line of its input if that is no terminal, and writes what the server \
            needs to check it: a hash, never the password. Name that file in the setting admin-password-file.

            EXAMPLES
              hibiki admin-password --output admin-password.txt
              hibiki serve --admin-password-file admin-password.txt
              hibiki admin-password --generate --output /etc/hibiki/admin-password
            """
    )

    @Option(
        help: ArgumentHelp(
            "Where it goes, readable for this user only, in the place of what is there. Without it, it is printed.",
            valueName: "file"))
    var output: String?

    @Flag(help: "Make a password too, and show it once.") var generate = false

    func run() async throws {
        let password = self.generate ? Self.random() : try self.ask()
        let hash: AdminPassword
        do throws(AdminPassword.Problem) {
            hash = try AdminPassword(hashing: password)
        } catch {
            throw ValidationError(error.description)
        }
        guard let path = self.output else {
            if self.generate { Terminal.note("the password is \(password)") }
            try Terminal.result(hash.description)
            return
        }
        do {
            try SecretFile.replace(path, with: hash.description)
        } catch {
            throw ValidationError("\(error)")
        }
        if self.generate { try Terminal.result(password) }
        Terminal.note("start the server with --admin-password-file \(path), or send a running one SIGHUP")
    }

    /// 123 bits, in groups of five letters and digits, none of which looks like another.
    private static func random() -> String {
        let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")
        var generator = SystemRandomNumberGenerator()
        let groups = (0..<5).map { _ in
            String((0..<5).compactMap { _ in letters.randomElement(using: &generator) })
        }
        return groups.joined(separator: "-")
    }

    private func ask() throws -> String {
        guard HiddenInput.isTerminal else {
            guard let line = readLine() else { throw ValidationError("There is no password to read.") }
            return line
        }
        let password = HiddenInput.line("password for the dashboard: ")
        guard password == HiddenInput.line("once more: ") else {
            throw ValidationError("These are two different passwords.")
        }
        return password
    }
}
