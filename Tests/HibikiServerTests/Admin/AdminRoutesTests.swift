// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiServer
import HibikiTransports
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2))) struct `The dashboard over HTTP` {
    private static let password = "correct horse battery"
    /// Cheap ones: scrypt takes seconds in a debug build at its usual cost.
    private static let hash = "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$hKGWL22WtdGfIbxEPAZ06BS2bWyYKuZIKvypfAlYOWk"
    private static let otherHash =
        "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$HbX_BtJP3iDL-nlb-KiMMd3AOQu6ZMa557qFaH1scEk"
    private static let paths = [
        "/admin", "/admin/", "/admin/admin.js", "/admin/api/session", "/admin/feed", "/admin/api/nodes",
    ]
    private static let own = "X-Hibiki-Admin: 1"

    private static func configuration(
        _ change: (inout ServerConfiguration) -> Void = { _ in }
    ) throws
        -> ServerConfiguration
    {
        let password = try AdminPassword(Self.hash)
        return .test {
            $0.admin.password = password
            change(&$0)
        }
    }

    private func logIn(
        _ server: RunningServer, _ password: String = Self.password, _ fields: [String] = []
    ) async throws -> HTTPAnswer {
        try await server.request(
            "POST", "/admin/api/login", [Self.own] + fields, body: #"{"password":"\#(password)"}"#)
    }

    private func cookie(_ answer: HTTPAnswer) throws -> String {
        let text = try #require(answer["Set-Cookie"])
        return "Cookie: \(text.prefix { $0 != ";" })"
    }

    @Test(arguments: Self.paths) func `is not there without a password`(_ path: String) async throws {
        try await RunningServer.with { server in
            let answer = try await server.get(path)
            #expect(answer.status == 404)
            #expect(answer.code == "not_found")
            #expect(try await self.logIn(server).status == 404)
            #expect(try await server.request("DELETE", path).status == 404)
        }
    }

    @Test func `shows its page to everybody, and nothing else`() async throws {
        try await RunningServer.with(Self.configuration()) { server in
            let page = try await server.get("/admin/")
            #expect(page.status == 200)
            #expect(page["Content-Type"] == "text/html; charset=utf-8")
            #expect(try await server.get("/admin")["Location"] == "/admin/")
            #expect(try await server.get("/admin/theme.js").status == 200)
            #expect(try await server.get("/admin/demo.js").status == 404)
            #expect(try await server.get("/admin/../client/index.js").status == 404)
            #expect(try await server.get("/admin/api/session").text == #"{"open":false}"#)
            #expect(try await server.request("POST", "/admin/api/logout", [Self.own]).status == 401)
            #expect(try await server.get("/admin/feed").status == 401)
        }
    }

    @Test(arguments: ["/admin/", "/admin/admin.js", "/admin/api/session", "/admin/nothing"])
    func `is stored by nobody, shown in no frame, and loads nothing from elsewhere`(_ path: String) async throws {
        try await RunningServer.with(Self.configuration()) { server in
            let answer = try await server.get(path)
            #expect(answer["Cache-Control"] == "no-store")
            #expect(answer["X-Content-Type-Options"] == "nosniff")
            #expect(answer["Referrer-Policy"] == "no-referrer")
            let policy = try #require(answer["Content-Security-Policy"])
            #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self';"))
            #expect(policy.contains("frame-ancestors 'none'"))
            #expect(!policy.contains("unsafe") && !policy.contains("http"))
        }
    }

    @Test func `lets somebody in with the password, until that one leaves`() async throws {
        try await RunningServer.with(Self.configuration()) { server in
            let login = try await self.logIn(server)
            #expect(login.status == 204)
            let attributes = try #require(login["Set-Cookie"])
            #expect(attributes.hasSuffix("Max-Age=28800; Path=/admin; HttpOnly; SameSite=Strict"))
            let cookie = try self.cookie(login)
            #expect(try await server.get("/admin/api/session", cookie).text.hasPrefix(#"{"open":true,"endsIn":"#))
            let logout = try await server.request("POST", "/admin/api/logout", [Self.own, cookie])
            #expect(logout.status == 204)
            #expect(logout["Set-Cookie"]?.contains("Max-Age=0") == true)
            #expect(try await server.get("/admin/api/session", cookie).text == #"{"open":false}"#)
            #expect(try await server.get("/admin/feed", cookie).status == 401)
        }
    }

    @Test func `lets nobody in with another, and makes an address wait that tries many`() async throws {
        try await RunningServer.with(Self.configuration()) { server in
            for _ in 1...5 {
                let answer = try await self.logIn(server, "wrong horse battery")
                #expect(answer.status == 401)
                #expect(answer.code == "wrong_password")
                #expect(answer["Set-Cookie"] == nil)
            }
            // A wait may be over on a slow machine before the next try comes; the one after it is twice as long.
            var answer = try await self.logIn(server, "wrong horse battery")
            while answer.status == 401 { answer = try await self.logIn(server, "wrong horse battery") }
            #expect(answer.status == 429)
            #expect(answer.code == "too_many_tries")
            #expect(answer["Retry-After"].flatMap { Int($0) }.map { $0 > 0 } == true)
        }
    }

    @Test func `ends a session when its time is over`() async throws {
        try await RunningServer.with(Self.configuration { $0.admin.sessionLifetime = .milliseconds(300) }) { server in
            let cookie = try self.cookie(try await self.logIn(server))
            var isOpen = true
            while isOpen {
                isOpen = try await server.get("/admin/api/session", cookie).text.hasPrefix(#"{"open":true"#)
            }
            #expect(try await server.get("/admin/feed", cookie).status == 401)
        }
    }

    @Test(arguments: [
        "Origin: https://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site",
    ])
    func `answers no other site, not even one that may use the rest`(_ field: String) async throws {
        let configuration = try Self.configuration {
            $0.transport.origins.allowed = ["https://evil.example", "*"]
        }
        try await RunningServer.with(configuration) { server in
            let cookie = try self.cookie(try await self.logIn(server))
            for path in ["/admin/api/session", "/admin/feed"] {
                let answer = try await server.get(path, cookie, field)
                #expect(answer.status == 403, "\(path)")
                #expect(answer["Access-Control-Allow-Origin"] == nil)
            }
            #expect(try await self.logIn(server, Self.password, [field]).status == 403)
        }
    }

    @Test func `does nothing for a form, which cannot send the field`() async throws {
        try await RunningServer.with(Self.configuration()) { server in
            let cookie = try self.cookie(try await self.logIn(server))
            #expect(try await server.request("POST", "/admin/api/logout", [cookie]).status == 403)
            let login = try await server.request(
                "POST", "/admin/api/login", [], body: #"{"password":"\#(Self.password)"}"#)
            #expect(login.status == 403)
            #expect(try await server.get("/admin/api/session", cookie).text.hasPrefix(#"{"open":true"#))
        }
    }

    @Test(arguments: ["", "{", "[]", #"{"password":5}"#, "{}", #"{"password":"a"}x"#])
    func `takes nothing for a password that is none`(_ body: String) async throws {
        try await RunningServer.with(Self.configuration()) { server in
            let answer = try await server.request("POST", "/admin/api/login", [Self.own], body: body)
            #expect(answer.status == 400)
        }
    }

    @Test func `gets a new password without a restart, and everybody has to log in again`() async throws {
        let configuration = try Self.configuration()
        let other = try AdminPassword(Self.otherHash)
        let box = Mutex<HibikiServer?>(nil)
        try await RunningServer.with(configuration, prepare: { server in box.withLock { $0 = server } }) { server in
            let cookie = try self.cookie(try await self.logIn(server))
            var changed = configuration
            changed.admin.password = other
            await box.withLock { $0 }?.reload(changed)
            #expect(try await server.get("/admin/api/session", cookie).text == #"{"open":false}"#)
            #expect(try await self.logIn(server).status == 401)
            #expect(try await self.logIn(server, "another horse battery").status == 204)
            changed.admin.password = nil
            await box.withLock { $0 }?.reload(changed)
            #expect(try await server.get("/admin/").status == 404)
        }
    }
}
