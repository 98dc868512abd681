// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiServer
import HibikiSocketIO
import Logging
import ServiceLifecycle
import UnixSignals

/// What a program has in its `main.swift`, where no function is needed around it.
func runChat() async throws {
    let io = SocketIOServer()
    installChat(on: io)

    var configuration = ServerConfiguration()
    configuration.port = 3000

    let logger = Logger(label: "chat")
    let server = HibikiServer(configuration, socketIO: io, logger: logger)
    let group = ServiceGroup(services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    try await group.run()
}
