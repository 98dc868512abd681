// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import HibikiMessaging
import HibikiServer

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make an API key for a back end.",
        discussion: """
            The first line is the key: give it to the back end, which sends it as Authorization: Bearer. It is shown once. The \
            second line belongs into the settings of the server, under api-key or in the file that api-key-file names. It has \
            the digest of the key, and is no secret.

            The scopes are publish, read, manage and metrics; the patterns say for which topics the key is, all of them if \
            there are none.

            EXAMPLES
              hibiki key --name billing --scopes publish 'orders/**'
              hibiki key --name operations --scopes read,manage,metrics
            """
    )

    @Option(help: ArgumentHelp("What the log calls the key: letters, digits, points, hyphens.", valueName: "name"))
    var name: String

    @Option(help: ArgumentHelp("What it is for, with commas between them.", valueName: "scopes"))
    var scopes: String

    @Argument(help: ArgumentHelp("The topics that it is for.", valueName: "pattern"))
    var patterns: [String] = []

    func run() throws {
        do {
            let made = try APIKey.make(name: self.name, scopes: self.scopes, patterns: self.patterns)
            print(made.secret)
            print(made.key.text)
        } catch {
            throw ValidationError(error.description)
        }
    }
}
