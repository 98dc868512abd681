// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiTransports
import HibikiWire
import Hummingbird
import Logging

/// Socket.IO, as the dashboard shows it.
struct AdminSocketRoutes {
    let directory: @Sendable () throws -> ServerDirectory
    let logger: Logger

    func add(to router: some RouterMethods<RouterContext>) {
        router.get("admin/api/namespaces") { _, _ in try self.namespaces() }
        router.get("admin/api/namespaces/rooms") { request, _ in try await self.rooms(AdminQuery(request)) }
        router.get("admin/api/namespaces/sockets") { request, _ in try await self.sockets(AdminQuery(request)) }
        router.post("admin/api/sockets/close") { request, context in try await self.close(request, context) }
    }

    private func namespaces() throws -> Response {
        let namespaces = try self.directory().namespaces()
        return JSONWriter.response { writer in
            writer.object {
                $0.member("items") { writer in
                    writer.array(namespaces) { writer, namespace in
                        writer.object {
                            $0.member("name", namespace.name)
                            $0.member("sockets", namespace.sockets)
                        }
                    }
                }
            }
        }
    }

    private func rooms(_ query: AdminQuery) async throws -> Response {
        let name = try query.required("namespace")
        let page = await (try self.directory()).rooms(
            of: name, after: try query.text("after"), limit: AdminQuery.limit)
        guard let page else { throw Self.noNamespace(name) }
        return JSONWriter.response { writer in
            writer.object { writer in
                writer.member("items") { writer in
                    writer.array(page.items) { writer, room in
                        writer.object {
                            $0.member("name", room.name)
                            $0.member("sockets", room.sockets)
                        }
                    }
                }
                writer.member("next", page.next)
            }
        }
    }

    private func sockets(_ query: AdminQuery) async throws -> Response {
        let name = try query.required("namespace")
        let page = await (try self.directory()).sockets(
            of: name, in: try query.text("room"), after: try query.text("after"), limit: AdminQuery.limit)
        guard let page else { throw Self.noNamespace(name) }
        return JSONWriter.response { writer in
            writer.object { writer in
                writer.member("items") { writer in
                    writer.array(page.items) { writer, socket in
                        writer.object { Self.write(socket, to: &$0) }
                    }
                }
                writer.member("next", page.next)
            }
        }
    }

    private static func write(_ socket: SocketRecord, to writer: inout JSONWriter) {
        writer.member("id", socket.id)
        writer.member("principal", socket.principal)
        writer.member("address", socket.address)
        writer.member("transport", socket.transport)
        writer.member("connected", socket.connected)
        writer.member("rooms") { $0.array(socket.rooms) { $0.string($1) } }
    }

    private func close(_ request: Request, _ context: RouterContext) async throws -> Response {
        let body = try await request.body.collect(upTo: AdminConnectionRoutes.bodyBytes)
        let closing = try AdminClosing(body)
        guard let namespace = closing.namespace, let socket = closing.socket else {
            throw WireError(.invalidMessage, "expected {\"namespace\": …, \"socket\": …}")
        }
        guard await (try self.directory()).close(socket: socket, of: namespace, closing.dismissal) else {
            throw WireError(.notFound, "the socket has gone")
        }
        self.logger.notice(
            "a socket's connection was closed from the dashboard",
            metadata: [
                "namespace": "\(namespace)", "socket": "\(socket)", "address": "\(context.remoteAddress)",
                "closeCode": .stringConvertible(closing.dismissal.code),
            ])
        return Response(status: .noContent)
    }

    private static func noNamespace(_ name: String) -> WireError {
        WireError(.notFound, "there is no namespace \(name)")
    }
}
