// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
package import HibikiWebSocketCodec
import HibikiWire
import NIOCore

/// Upgrades a request to WebSocket (RFC 6455 §4.2) and gives the connection to an application.
package enum WebSocketEndpoint {
    /// - Parameter configuration: `nil` for that of the transport.
    package static func serve(
        _ head: RequestHead, _ exchange: HTTPExchange, _ connection: Connection, subprotocols: [String],
        configuration: TransportConfiguration.WebSocket? = nil,
        application:
            @escaping (Connection, WebSocketHandshake.Acceptance, Principal) -> any WebSocketApplication
    ) {
        guard exchange.admits(head, policy: connection.loop.configuration.origins, needsOrigin: true) else { return }
        let configuration = configuration ?? connection.loop.configuration.webSocket
        switch self.answer(head, subprotocols: subprotocols, configuration: configuration) {
        case .refuse(let refusal):
            let fields = refusal.headers.map { (name: $0.name, value: $0.value) }
            exchange.refuse(WireError(.invalidMessage, refusal.message), status: refusal.status, fields: fields)
        case .accept(let acceptance):
            exchange.authenticate(head, on: connection) { principal in
                guard principal.isAnonymous || exchange.spend(Spending(connects: 1), by: principal) else { return }
                let application = application(connection, acceptance, principal)
                self.upgrade(connection, acceptance, configuration: configuration, application: application)
            }
        }
    }

    /// What the handshake of a request comes to. Nothing is written.
    package static func answer(
        _ head: RequestHead, subprotocols: [String], configuration: TransportConfiguration.WebSocket
    ) -> WebSocketHandshake.Answer {
        let offer = WebSocketHandshake.Configuration(
            subprotocols: subprotocols, compression: configuration.compression)
        return WebSocketHandshake.answer(WebSocketHandshake.Request(head), offer)
    }

    /// Answers with 101 and gives the connection to the application.
    package static func upgrade(
        _ connection: Connection, _ acceptance: WebSocketHandshake.Acceptance,
        configuration: TransportConfiguration.WebSocket, fields: [(name: String, value: String)] = [],
        application: any WebSocketApplication
    ) {
        guard connection.stream == nil else {
            self.open(connection, acceptance, fields: fields)
            self.drive(connection, acceptance, configuration: configuration, application: application)
            return
        }
        connection.write { output in
            output.writeStatusLine(101)
            for field in acceptance.headers {
                output.writeField(field.name, field.value)
            }
            for field in fields {
                output.writeField(field.name, field.value)
            }
            output.writeStaticString("\r\n")
        }
        self.drive(connection, acceptance, configuration: configuration, application: application)
    }

    /// A stream is not upgraded: it is the tunnel, and needs none of what upgrades a connection (RFC 8441 §5).
    private static func open(
        _ connection: Connection, _ acceptance: WebSocketHandshake.Acceptance, fields: [(name: String, value: String)]
    ) {
        let names = ["upgrade", "connection", "sec-websocket-accept"]
        let accepted = acceptance.headers.filter { !names.contains($0.name.lowercased()) }
        let head = ResponseHead(
            status: 200, fields: accepted.map { (name: $0.name, value: $0.value) }, extraFields: fields, framing: .end)
        connection.write(head)
    }

    private static func drive(
        _ connection: Connection, _ acceptance: WebSocketHandshake.Acceptance,
        configuration: TransportConfiguration.WebSocket, application: any WebSocketApplication
    ) {
        let driver = WebSocketDriver(
            connection: connection, configuration: configuration, agreement: acceptance.agreement,
            application: application
        )
        connection.become(driver)
        driver.start()
        // What the client has sent behind its request, if the answer took a while.
        connection.proceed()
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
