// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiTransports
import Testing

@testable import HibikiServer

@Suite(.timeLimit(.minutes(1))) struct `Tokens over HTTP` {
    private static let secret = Array("a secret of thirty-two bytes or more".utf8)

    private static func configuration(isProduction: Bool = true) async throws -> ServerConfiguration {
        let authenticator = JWTAuthenticator(keys: [try await .secret(Self.secret)])
        return .test {
            $0.isProduction = isProduction
            $0.authenticator = authenticator
            $0.tokens.cookie = "session"
            $0.transport.origins.allowed = ["https://app.example.com"]
        }
    }

    private static func token(_ lifetime: Duration = .seconds(60)) async throws -> String {
        try await TokenDraft(subject: "alice", lifetime: lifetime).signed(with: .secret(Self.secret), at: .now())
    }

    private static let event = #"{"topic":"public/a","payload":1}"#

    @Test func `publishing and reading want one in production, and say so`() async throws {
        try await RunningServer.with(Self.configuration()) { server in
            let token = try await Self.token()
            for (method, body) in [("GET", nil), ("POST", Self.event)] {
                let target = "/v1/events?topic=public/a"
                let without = try await server.request(method, target, body: body)
                #expect(without.status == 401)
                #expect(without["WWW-Authenticate"] == "Bearer")
                #expect(without.text.contains(#""code":"authentication_required""#))
                let bad = try await server.request(method, target, ["Authorization: Bearer \(token)x"], body: body)
                #expect(bad.status == 401)
                #expect(bad["WWW-Authenticate"]?.hasPrefix(#"Bearer error="invalid_token""#) == true)
                #expect(!bad.text.contains(token))
                let twice = try await server.request(
                    method, target + "&access_token=\(token)", ["Authorization: Bearer \(token)"], body: body)
                #expect(twice.status == 400)
                #expect(twice["WWW-Authenticate"] == #"Bearer error="invalid_request""#)
                let good = try await server.request(method, target, ["Authorization: Bearer \(token)"], body: body)
                #expect(good.status == 200)
                let inQuery = try await server.request(method, target + "&access_token=\(token)", body: body)
                #expect(inQuery.status == 200)
            }
        }
    }

    @Test func `a cookie is a token only of pages that may use the server`() async throws {
        try await RunningServer.with(Self.configuration()) { server in
            let cookie = "Cookie: a=b; session=\(try await Self.token())"
            for (fields, status) in [
                (["Origin: https://app.example.com"], 200), (["Sec-Fetch-Site: same-origin"], 200), ([], 401),
                (["Sec-Fetch-Site: cross-site"], 401), (["Origin: https://evil.example"], 403),
            ] {
                let get = try await server.request("GET", "/v1/events?topic=public/a", fields + [cookie])
                #expect(get.status == status)
                let post = try await server.request("POST", "/v1/events", fields + [cookie], body: Self.event)
                #expect(post.status == status)
            }
        }
    }

    @Test func `nobody has to show one where a rule is for anyone, in production too`() async throws {
        var configuration = try await Self.configuration()
        configuration.permissions = [try PermissionRule("anyone subscribe+history public/**")]
        #expect(!configuration.access(APIKeys([]), guests: nil).requiresToken)
        try await RunningServer.with(configuration) { server in
            #expect(try await server.get("/v1/events?topic=public/a").status == 200)
            let answer = try await server.publish(Self.event)
            #expect(answer.status == 403)
            #expect(answer.text.contains(#""code":"permission_denied""#))
        }
    }

    @Test func `one that has run out is refused with its own code`() async throws {
        try await RunningServer.with(Self.configuration(isProduction: false)) { server in
            let token = try await Self.token(.seconds(-60))
            let answer = try await server.get("/v1/events?topic=public/a", "Authorization: Bearer \(token)")
            #expect(answer.status == 401)
            #expect(answer.text.contains(#""code":"token_expired""#))
            #expect(try await server.get("/v1/events?topic=public/a").status == 200)
        }
    }

    @Test func `a long poll is over when its token is`() async throws {
        try await RunningServer.with(Self.configuration()) { server in
            let token = try await Self.token(.seconds(1))
            let started = ContinuousClock.now
            let answer = try await server.get("/v1/events?topic=public/a&wait=50", "Authorization: Bearer \(token)")
            #expect(answer.status == 204)
            #expect(ContinuousClock.now - started < .seconds(10))
        }
    }
}
