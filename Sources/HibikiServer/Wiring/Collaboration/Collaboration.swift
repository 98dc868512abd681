// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiMessaging
import HibikiMetrics
import HibikiTransports
import HibikiWebSocketCodec
import HibikiWire
import Logging

/// The documents of a server, and the protocols in which they are edited.
struct Collaboration: Sendable {
    /// The documents that editors of Yjs open: `/yjs/` and the name.
    static let yjsPath = "/yjs/"
    /// The documents that operations edit: `/ot/` and the name.
    static let otPath = "/ot/"

    let configuration: DocumentsConfiguration
    let service: DocumentService
    private let webSocket: TransportConfiguration.WebSocket

    init(
        _ configuration: DocumentsConfiguration, store: any DocumentStore, hub: Hub,
        transport: TransportConfiguration, logger: Logger
    ) {
        self.configuration = configuration
        self.service = DocumentService(
            store: store, outlet: DocumentPress(hub: hub), configuration: configuration.collaboration,
            clock: DocumentClock(wall: { .now() }, steady: { .now }), logger: logger)
        var webSocket = transport.webSocket
        webSocket.limits.messageBytes = configuration.messageBytes
        // Updates of editors are small and binary, and the same bytes go to everybody.
        webSocket.compression = nil
        self.webSocket = webSocket
    }

    var mount: Mount {
        Mount([
            self.route(Self.yjsPath) { _ in YjsDialect() },
            self.route(Self.otPath) { head throws(WireError) in try OTDialect(query: head.query) },
        ])
    }

    private func route(
        _ path: String, _ dialect: @escaping @Sendable (RequestHead) throws(WireError) -> any DocumentDialect
    ) -> HotRoute {
        HotRoute(path: path, isPrefix: true, methods: ["GET", "CONNECT"]) { head, exchange, connection in
            do throws(WireError) {
                let name = try Self.name(head.path.utf8.dropFirst(path.utf8.count))
                self.serve(name, try dialect(head), head, exchange, connection)
            } catch {
                exchange.refuse(error)
            }
        }
    }

    private static func name(_ path: some Collection<UInt8>) throws(WireError) -> DocumentName {
        guard let text = PercentEncoding.decode(path) else {
            throw WireError(.invalidTopic, "the name of the document is not percent-encoded UTF-8")
        }
        return try DocumentName(text)
    }

    private func serve(
        _ name: DocumentName, _ dialect: any DocumentDialect, _ head: RequestHead, _ exchange: HTTPExchange,
        _ connection: Connection
    ) {
        WebSocketEndpoint.serve(
            head, exchange, connection, subprotocols: [], configuration: self.webSocket
        ) { connection, _, principal in
            DocumentSession(name, dialect, service: self.service, loop: connection.loop, principal: principal)
        }
    }

    func run() async { await self.service.run() }

    /// Returns when what has come is stored.
    func stop() async { await self.service.stop() }

    // MARK: Figures

    func register(with registry: MetricsRegistry) {
        let service = self.service
        registry.addCollector { Self.families(service) }
    }

    private static func families(_ service: DocumentService) -> [MetricFamily] {
        [
            MetricFamily("hibiki_documents_open", .gauge, help: "Documents in memory.", service.openDocuments),
            MetricFamily("hibiki_document_users", .gauge, help: "Connections in documents.", service.users),
            MetricFamily(
                "hibiki_document_updates_total", .counter, help: "Updates of documents that were stored.",
                Int(clamping: service.meter.storedUpdates)),
            MetricFamily(
                "hibiki_document_update_bytes_total", .counter, help: "Bytes of updates that were stored.",
                Int(clamping: service.meter.storedBytes)),
            MetricFamily(
                "hibiki_document_snapshots_total", .counter, help: "Snapshots that were made of updates.",
                Int(clamping: service.meter.snapshotsMade)),
            MetricFamily(
                "hibiki_document_store_failures_total", .counter,
                help: "Times that documents could not be read or stored.", Int(clamping: service.meter.storeFailures)),
        ]
    }
}
