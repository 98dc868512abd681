// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiTransports
import HibikiWeb
import HibikiWire
import Hummingbird
import NIOCore

/// The dashboard's page, and logging in and out.
struct AdminRoutes {
    static let path = "/admin"
    static let api = "/admin/api/"
    /// What the dashboard shares with the demo page.
    private static let shared = ["theme.js", "mark.svg"]
    private static let loginBytes = 4_096

    let access: AdminAccess

    /// Whether a path is one of the dashboard's.
    static func isOwn(_ path: String) -> Bool {
        path == self.path || path.hasPrefix(self.path + "/")
    }

    func add(to router: some RouterMethods<RouterContext>) {
        router.get("admin") { request, _ in
            guard request.uri.path != Self.path else {
                return Response(status: .permanentRedirect, headers: [.location: Self.path + "/"])
            }
            return try Self.file("")
        }
        router.get("admin/**") { request, _ in
            try Self.file(String(request.uri.path.dropFirst(Self.path.count + 1)))
        }
        router.get("admin/api/session") { request, _ in self.session(request) }
        router.post("admin/api/login") { request, context in try await self.logIn(request, context) }
    }

    /// What only somebody with a session may ask.
    func addProtected(to router: some RouterMethods<RouterContext>) {
        router.post("admin/api/logout") { request, context in self.logOut(request, context) }
    }

    private static func file(_ name: String) throws -> Response {
        let path = name.isEmpty ? "/admin/admin.html" : Self.shared.contains(name) ? "/demo/\(name)" : "/admin/\(name)"
        guard let asset = WebAssets.asset(at: path) else { throw HTTPError(.notFound) }
        return Response(
            status: .ok, headers: [.contentType: asset.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes)))
    }

    // MARK: Sessions

    /// Whether there is one. No error, because browsers complain about every error that a page gets.
    private func session(_ request: Request) -> Response {
        let left = self.access.timeLeft(of: AdminCookie.session(in: request.headers[values: .cookie]))
        return JSONWriter.response { writer in
            writer.object { writer in
                writer.member("open", left != nil)
                if let left { writer.member("endsIn", left.components.seconds) }
            }
        }
    }

    private func logIn(_ request: Request, _ context: RouterContext) async throws -> Response {
        let body = try await request.body.collect(upTo: Self.loginBytes)
        let password = try Self.password(in: body)
        switch await self.access.logIn(password, from: context.remoteAddress) {
        case .open(let session, let lifetime):
            let cookie = AdminCookie.setting(session, for: lifetime, isSecure: context.scheme == .https)
            return Response(status: .noContent, headers: [.setCookie: cookie])
        case .wrong:
            return ErrorResponse.make(
                WireError(WireErrorCode(rawValue: "wrong_password"), "this is not the password"), status: .unauthorized)
        case .wait(let time):
            return Self.tooMany("too many wrong passwords from this address", after: time)
        case .busy:
            return Self.tooMany("too many passwords are being checked", after: .seconds(1))
        }
    }

    private static func tooMany(_ words: String, after time: Duration) -> Response {
        let seconds = max(1, Int((time / .seconds(1)).rounded(.up)))
        return ErrorResponse.make(
            WireError(WireErrorCode(rawValue: "too_many_tries"), "\(words); come back in \(seconds) s"),
            status: .tooManyRequests, headers: [.retryAfter: "\(seconds)"])
    }

    private static func password(in body: ByteBuffer) throws(WireError) -> String {
        let password = try? body.withJSONScanner { scanner throws(JSONSyntaxError) in
            var password: String?
            try scanner.enterObject()
            while let name = try scanner.nextMember() {
                switch name {
                case "password": password = try scanner.readString()
                default: try scanner.readValue()
                }
            }
            try scanner.finish()
            return password
        }
        guard let password = password ?? nil else {
            throw WireError(.invalidMessage, "expected {\"password\": …}")
        }
        return password
    }

    private func logOut(_ request: Request, _ context: RouterContext) -> Response {
        if let session = AdminCookie.session(in: request.headers[values: .cookie]) {
            self.access.logOut(session)
        }
        let cookie = AdminCookie.removing(isSecure: context.scheme == .https)
        return Response(status: .noContent, headers: [.setCookie: cookie])
    }
}
