// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiMessaging
import HibikiMetrics
import HibikiTransports
import HibikiWire
import Hummingbird
import NIOCore

/// `/metrics`, for scrapers that may read it.
struct MetricsRoutes {
    /// Fields that a proxy adds: a request with one of them comes from elsewhere, whatever the connection's address says.
    private static let forwarding = ["forwarded", "via", "x-forwarded-for", "x-real-ip"]

    let registry: MetricsRegistry
    let access: MetricsAccess
    let keys: APIKeys

    func add(to router: some RouterMethods<RouterContext>) {
        guard self.access != .off else { return }
        router.get("metrics") { request, context in
            if try !self.hasKey(request) { try self.check(request, from: context.remoteAddress) }
            return await self.page(request)
        }
    }

    /// Whether the request shows an API key that is for this. Without one it may still come from the right place.
    private func hasKey(_ request: Request) throws -> Bool {
        let shown = RequestToken(
            authorization: request.headers[values: .authorization], query: "", cookies: [], cookie: nil)
        guard case .one(let secret) = shown, secret.hasPrefix(AccessControl.keyPrefix) else { return false }
        try self.keys.principal(of: secret).require(.metrics)
        return true
    }

    private func check(_ request: Request, from address: String) throws {
        guard self.access == .local else { return }
        let isForwarded = Self.forwarding.compactMap { HTTPField.Name($0) }.contains { request.headers.contains($0) }
        // ::ffff:0:0/96 is IPv4 in the clothes of IPv6 (RFC 4291 §2.5.5.2).
        let plain = address.hasPrefix("::ffff:") ? String(address.dropFirst("::ffff:".count)) : address
        guard LoopbackHost.isLoopback(plain), !isForwarded else {
            throw WireError(.permissionDenied, "metrics are for this machine only; the setting metrics says otherwise")
        }
    }

    private func page(_ request: Request) async -> Response {
        let format = MetricFormat(accept: request.headers[values: .accept].joined(separator: ","))
        let text = await self.registry.text(in: format)
        return Response(
            status: .ok,
            headers: [.contentType: format.contentType, .cacheControl: "no-store", .vary: "Accept"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
