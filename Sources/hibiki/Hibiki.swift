// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import HibikiServer

@main
struct Hibiki: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hibiki",
        abstract: "A realtime server: WebSocket, Server-Sent Events and polling on one port, over one log.",
        discussion: """
            Start a server and look at it:
              hibiki serve                      then open http://127.0.0.1:8080/
            Publish, and listen, from another terminal:
              hibiki tail public/news
              hibiki publish public/news '{"text":"hello"}'
            """,
        version: HibikiServer.version,
        subcommands: [
            ServeCommand.self, TokenCommand.self, KeyCommand.self, PublishCommand.self, TailCommand.self,
            BenchCommand.self, EchoCommand.self, DoctorCommand.self, AdminPasswordCommand.self,
            MigrateCommand.self, BackupCommand.self, RestoreCommand.self,
            YjsCommand.self,
        ]
    )
}
