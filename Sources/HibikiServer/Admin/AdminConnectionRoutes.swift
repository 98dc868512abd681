// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiTransports
import HibikiWire
import Hummingbird
import Logging
import NIOCore

/// Connections, as the dashboard lists, shows and ends them.
struct AdminConnectionRoutes {
    static let bodyBytes = 4_096

    let directory: @Sendable () throws -> ServerDirectory
    let logger: Logger

    func add(to router: some RouterMethods<RouterContext>) {
        router.get("admin/api/connections") { request, _ in try await self.list(AdminQuery(request)) }
        router.get("admin/api/connections/:id") { _, context in try await self.show(context) }
        router.post("admin/api/connections/:id/close") { request, context in try await self.close(request, context) }
    }

    private func list(_ query: AdminQuery) async throws -> Response {
        let directory = try self.directory()
        var filter = ConnectionFilter()
        filter.text = try query.text("text")
        if let transport = try query.text("transport") {
            guard let known = ConnectionRecord.Transport(rawValue: transport) else {
                throw WireError(.invalidMessage, "\(transport) is no transport")
            }
            filter.transport = known
        }
        let page = await directory.connections(
            filter, after: try query.connection("after"), limit: AdminQuery.limit)
        return JSONWriter.response { writer in
            writer.object { writer in
                writer.member("open", directory.connectionCount)
                writer.member("items") { writer in
                    writer.array(page.items) { writer, record in
                        writer.object {
                            Self.write(record, to: &$0)
                            $0.member("topics", record.topics.count)
                        }
                    }
                }
                writer.member("next", page.next?.description)
            }
        }
    }

    private func show(_ context: RouterContext) async throws -> Response {
        let id = try Self.id(context)
        guard let record = await (try self.directory()).connection(id) else { throw Self.gone(id) }
        return JSONWriter.response { writer in
            writer.object { writer in
                Self.write(record, to: &writer)
                writer.member("topics") { $0.array(record.topics) { $0.string($1.name) } }
                writer.member("sockets") { writer in
                    writer.array(record.sockets) { writer, socket in
                        writer.object {
                            $0.member("namespace", socket.namespace)
                            $0.member("id", socket.id)
                            $0.member("rooms") { $0.array(socket.rooms) { $0.string($1) } }
                        }
                    }
                }
            }
        }
    }

    private func close(_ request: Request, _ context: RouterContext) async throws -> Response {
        let id = try Self.id(context)
        let dismissal = try AdminClosing(try await request.body.collect(upTo: Self.bodyBytes)).dismissal
        guard await (try self.directory()).close(id, dismissal) else { throw Self.gone(id) }
        self.logger.notice(
            "a connection was closed from the dashboard",
            metadata: [
                "connection": "\(id)", "closeCode": .stringConvertible(dismissal.code),
                "address": "\(context.remoteAddress)",
            ])
        return Response(status: .noContent)
    }

    private static func id(_ context: RouterContext) throws -> ConnectionID {
        let text = try context.parameters.require("id")
        guard let id = ConnectionID(text) else { throw WireError(.invalidMessage, "\(text) is no connection's id") }
        return id
    }

    private static func gone(_ id: ConnectionID) -> WireError {
        WireError(.notFound, "the connection \(id) has ended")
    }

    private static func write(_ record: ConnectionRecord, to writer: inout JSONWriter) {
        writer.member("id", record.id.description)
        writer.member("transport", record.transport.rawValue)
        writer.member("route", record.route)
        writer.member("address", record.address)
        writer.member("client", record.client?.description)
        writer.member("principal", record.principal)
        writer.member("age", record.age.milliseconds)
        writer.member("messagesIn", record.messagesIn)
        writer.member("messagesOut", record.messagesOut)
        writer.member("bytesIn", record.bytesIn)
        writer.member("bytesOut", record.bytesOut)
        writer.member("queuedBytes", record.queuedBytes)
    }
}

/// What the dashboard says about an end: `{"code", "reason"}`, and which socket is meant; or nothing.
struct AdminClosing {
    let dismissal: Dismissal
    private(set) var namespace: String?
    private(set) var socket: String?

    init(_ body: ByteBuffer) throws(WireError) {
        var code: Int?
        var reason: String?
        var namespace: String?
        var socket: String?
        guard body.readableBytes > 0 else {
            self.dismissal = .standard
            return
        }
        guard body.isValidUTF8 else { throw WireError(.invalidMessage, "the body is not UTF-8") }
        do {
            try body.withJSONScanner { scanner throws(JSONSyntaxError) in
                try scanner.enterObject()
                while let name = try scanner.nextMember() {
                    switch name {
                    case "code": code = Int(clamping: try scanner.readInteger())
                    case "reason": reason = try scanner.readString()
                    case "namespace": namespace = try scanner.readString()
                    case "socket": socket = try scanner.readString()
                    default: try scanner.readValue()
                    }
                }
                try scanner.finish()
            }
        } catch {
            throw WireError(.invalidMessage, error.message)
        }
        self.dismissal = try Dismissal(code: code, reason: reason)
        self.namespace = namespace
        self.socket = socket
    }
}
