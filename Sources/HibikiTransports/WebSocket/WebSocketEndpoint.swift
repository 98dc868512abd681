// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWebSocketCodec
import HibikiWire
import NIOCore

/// Upgrades a request to WebSocket (RFC 6455 §4.2) and gives the connection to an application.
enum WebSocketEndpoint {
    static func serve(
        _ head: RequestHead, _ exchange: HTTPExchange, _ connection: Connection, subprotocols: [String],
        application: (Connection, WebSocketHandshake.Acceptance) -> any WebSocketApplication
    ) {
        guard exchange.admits(head, policy: connection.loop.configuration.origins, needsOrigin: true) else { return }
        let configuration = WebSocketHandshake.Configuration(
            subprotocols: subprotocols, compression: connection.loop.configuration.webSocket.compression
        )
        switch WebSocketHandshake.answer(WebSocketHandshake.Request(head), configuration) {
        case .refuse(let refusal):
            let fields = refusal.headers.map { (name: $0.name, value: $0.value) }
            exchange.refuse(WireError(.invalidMessage, refusal.message), status: refusal.status, fields: fields)
        case .accept(let acceptance):
            connection.write { output in
                output.writeStatusLine(101)
                for field in acceptance.headers {
                    output.writeField(field.name, field.value)
                }
                output.writeStaticString("\r\n")
            }
            let driver = WebSocketDriver(
                connection: connection, agreement: acceptance.agreement,
                application: application(connection, acceptance)
            )
            connection.become(driver)
            driver.start()
        }
    }
}

extension WebSocketHandshake.Request {
    init(_ head: RequestHead) {
        self.init(
            method: head.method, httpMinorVersion: head.minorVersion, upgrade: head.values("upgrade"),
            connection: head.values("connection"), key: head.values("sec-websocket-key"),
            version: head.values("sec-websocket-version"), protocols: head.values("sec-websocket-protocol"),
            extensions: head.values("sec-websocket-extensions"), announcesBody: false
        )
    }
}
