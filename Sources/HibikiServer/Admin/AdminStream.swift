// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiTransports
import HibikiWire
import NIOCore

/// `GET /admin/feed`: what the dashboard shows, as it happens, for whoever has a session.
struct AdminStream: Sendable {
    static let path = "/admin/feed"

    let access: AdminAccess
    let feed: AdminFeed

    var mount: Mount {
        Mount([HotRoute(path: Self.path, methods: ["GET"], serve: self.serve)])
    }

    private func serve(_ head: RequestHead, _ exchange: HTTPExchange, _ connection: Connection) {
        guard self.access.isOn else {
            exchange.refuse(WireError(.notFound, "there is nothing at \(Self.path)"))
            return
        }
        let gate = AdminGate(trustsLocalHostsOnly: connection.loop.configuration.origins.trustsLocalHostsOnly)
        let source = AdminGate.Source(
            origins: head.values("origin"), fetchSite: head.first("sec-fetch-site"), host: head.host,
            scheme: connection.scheme)
        guard gate.admits(source, isPage: false) else {
            exchange.refuse(WireError(.originNotAllowed, "the dashboard answers to its own page only"))
            return
        }
        guard let session = AdminCookie.session(in: head.values("cookie")), self.access.timeLeft(of: session) != nil
        else {
            exchange.refuse(WireError(.authenticationRequired, "log in first"))
            return
        }
        let (access, feed) = (self.access, self.feed)
        let program = SignalStreamRole.Program(
            topic: AdminFeed.topic, opening: { feed.opening() },
            mayGoOn: { access.timeLeft(of: session) != nil }, ending: AdminFeed.over)
        SignalStreamRole.begin(program, exchange, on: connection)
    }
}
