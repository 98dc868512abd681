// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Testing

@Suite struct EngineVerificationTests {
    private static let polling = EngineVerification.Session(transport: .polling, version: .v4)
    private static let webSocket = EngineVerification.Session(transport: .websocket, version: .v4)
    private static let old = EngineVerification.Session(transport: .polling, version: .v3)

    @Test func `a GET without a session begins one`() {
        #expect(check("EIO=4&transport=polling") == .newSession(.polling))
        #expect(check("EIO=4&transport=websocket", isUpgrade: true) == .newSession(.websocket))
        #expect(check("EIO=4&transport=polling&sid=") == .newSession(.polling))
        #expect(check("transport=polling", origins: ["https://example.com\t\u{E9}"]) == .newSession(.polling))
    }

    @Test(arguments: [
        "", "transport=", "transport=foo", "transport=Polling", "transport=webtransport", "transport=constructor",
        "transport=__proto__", "transport=polling2", "transport=foo&transport=polling",
    ])
    func `an unknown transport is refused before anything else`(_ query: String) {
        for isUpgrade in [false, true] {
            let decision = check(
                query + "&sid=unknown", method: "PUT", isUpgrade: isUpgrade, origins: ["\u{1}"], session: nil)
            #expect(decision == .refuse(.transportUnknown))
        }
    }

    @Test func `a transport that is switched off is unknown`() {
        let verification = EngineVerification(transports: [.websocket, .webtransport])
        let off = verification.check(
            EngineQuery("transport=polling"), method: "GET", isUpgrade: false, origins: [], session: nil)
        let never = verification.check(
            EngineQuery("transport=webtransport"), method: "GET", isUpgrade: false, origins: [], session: nil)
        #expect(off == .refuse(.transportUnknown))
        #expect(never == .refuse(.transportUnknown))
    }

    /// CVE-2023-31125.
    @Test func `a WebSocket is only asked for by its name`() {
        #expect(check("EIO=4&transport=polling", isUpgrade: true) == .refuse(.transportUnknown))
        let known = check("EIO=4&transport=polling&sid=a", isUpgrade: true, session: Self.polling)
        #expect(known == .refuse(.transportUnknown))
    }

    @Test(arguments: [
        "\u{0}", "a\u{1}", "\u{8}", "a\nb", "a\rb", "\u{B}", "\u{1F}", "\u{7F}", "https://example.com\u{1F}",
    ])
    func `control characters in an origin are refused before the session is looked at`(_ origin: String) {
        let refusal = EngineVerification.Decision.refuse(.badRequest(.invalidOrigin))
        #expect(check("transport=polling&sid=unknown", method: "PUT", origins: [origin]) == refusal)
        #expect(check("transport=polling", origins: ["https://example.com", origin]) == refusal)
    }

    @Test(arguments: ["unknown", "__proto__", "constructor", "hasOwnProperty", "%00", "a%20b"])
    func `an unknown session is refused before its method is looked at`(_ sid: String) {
        for isUpgrade in [false, true] {
            let query = "EIO=3&transport=websocket&sid=\(sid)"
            #expect(check(query, method: "PUT", isUpgrade: isUpgrade) == .refuse(.sessionUnknown))
        }
    }

    @Test(arguments: ["POST", "PUT", "OPTIONS", "HEAD", "get", ""])
    func `a session begins with a GET whether or not it is a WebSocket`(_ method: String) {
        #expect(check("transport=polling", method: method) == .refuse(.badHandshakeMethod))
        #expect(check("transport=websocket", method: method) == .refuse(.badHandshakeMethod))
        #expect(check("transport=websocket", method: method, isUpgrade: true) == .refuse(.badHandshakeMethod))
    }

    @Test func `a WebSocket that is none is refused`() {
        let refusal = EngineVerification.Decision.refuse(.badRequest(.transportHandshakeError))
        #expect(check("EIO=4&transport=websocket") == refusal)
        #expect(check("EIO=4&transport=websocket&sid=a", session: Self.webSocket) == refusal)
    }

    @Test func `a polling request of a known session passes whatever its method and revision`() {
        for query in ["EIO=4&transport=polling&sid=a", "transport=polling&sid=a", "EIO=3&transport=polling&sid=a"] {
            for method in ["GET", "POST", "PUT"] {
                #expect(check(query, method: method, session: Self.polling) == .poll)
            }
        }
    }

    @Test func `a request by another transport than the session's is a mismatch`() {
        let refusal = EngineVerification.Decision.refuse(.badRequest(.transportMismatch))
        #expect(check("EIO=4&transport=polling&sid=a", session: Self.webSocket) == refusal)
        #expect(check("EIO=4&transport=polling&sid=a", method: "POST", session: Self.webSocket) == refusal)
        #expect(check("EIO=4&transport=websocket&sid=a", session: Self.polling) == refusal)
    }

    @Test func `a WebSocket for a known session is an upgrade even if it comes too late`() {
        #expect(check("EIO=4&transport=websocket&sid=a", isUpgrade: true, session: Self.polling) == .upgrade)
        #expect(check("EIO=4&transport=websocket&sid=a", isUpgrade: true, session: Self.webSocket) == .upgrade)
        #expect(check("EIO=3&transport=websocket&sid=a", isUpgrade: true, session: Self.old) == .upgrade)
        #expect(check("transport=websocket&sid=a", isUpgrade: true, session: Self.old) == .upgrade)
    }

    /// CVE-2026-102599.
    @Test(arguments: [
        ("EIO=3&", polling), ("", polling), ("EIO=abc&", polling), ("EIO=5&", polling), ("EIO=&", polling),
        ("EIO=4&", old),
    ])
    func `a WebSocket of another revision than the session's is refused`(
        _ revision: String, _ session: EngineVerification.Session
    ) {
        let decision = check(revision + "transport=websocket&sid=a", isUpgrade: true, session: session)
        #expect(decision == .refuse(.unsupportedVersion))
    }

    @Test(arguments: ["", "EIO=", "EIO=3", "EIO=abc", "EIO=5", "EIO=04", "EIO=4.0", "EIO=4%20", "EIO=+4", "eio=4"])
    func `whatever is not revision 4 counts as 3, which must be allowed`(_ query: String) throws {
        let query = EngineQuery(query[...])
        let error = #expect(throws: EngineRefusal.self) { try EngineVerification().version(of: query) }
        #expect(error == .unsupportedVersion)
        #expect(try EngineVerification(allowsVersion3: true).version(of: query) == .v3)
    }

    @Test func `revision 4 is always served`() throws {
        #expect(try EngineVerification().version(of: EngineQuery("EIO=4")) == .v4)
        #expect(try EngineVerification(allowsVersion3: true).version(of: EngineQuery("EIO=4")) == .v4)
    }
}

@Suite struct EngineRefusalTests {
    @Test(arguments: [
        (EngineRefusal.transportUnknown, 400, #"{"code":0,"message":"Transport unknown"}"#, "TRANSPORT_UNKNOWN"),
        (.sessionUnknown, 400, #"{"code":1,"message":"Session ID unknown"}"#, "UNKNOWN_SID"),
        (.badHandshakeMethod, 400, #"{"code":2,"message":"Bad handshake method"}"#, "BAD_HANDSHAKE_METHOD"),
        (.badRequest(.invalidOrigin), 400, #"{"code":3,"message":"Bad request"}"#, "INVALID_ORIGIN"),
        (.badRequest(.transportMismatch), 400, #"{"code":3,"message":"Bad request"}"#, "TRANSPORT_MISMATCH"),
        (
            .badRequest(.transportHandshakeError), 400, #"{"code":3,"message":"Bad request"}"#,
            "TRANSPORT_HANDSHAKE_ERROR"
        ),
        (.badRequest(.middlewareFailure), 400, #"{"code":3,"message":"Bad request"}"#, "MIDDLEWARE_FAILURE"),
        (.badRequest(.idGenerationError), 400, #"{"code":3,"message":"Bad request"}"#, "ID_GENERATION_ERROR"),
        (.forbidden(), 403, #"{"code":4,"message":"Forbidden"}"#, "FORBIDDEN"),
        (.forbidden("no \"way\"\n"), 403, #"{"code":4,"message":"no \"way\"\n"}"#, "FORBIDDEN"),
        (
            .unsupportedVersion, 400, #"{"code":5,"message":"Unsupported protocol version"}"#,
            "UNSUPPORTED_PROTOCOL_VERSION"
        ),
    ])
    func `a refusal has a status, a body and a context`(
        _ refusal: EngineRefusal, _ status: Int, _ json: String, _ context: String
    ) {
        var body = ByteBuffer()
        refusal.writeJSON(into: &body)
        #expect(String(buffer: body) == json)
        #expect(refusal.httpStatus == status)
        #expect(refusal.context.rawValue == context)
    }
}

private func check(
    _ query: String, method: String = "GET", isUpgrade: Bool = false, origins: [String] = [],
    session: EngineVerification.Session? = nil
) -> EngineVerification.Decision {
    EngineVerification().check(
        EngineQuery(query[...]), method: method, isUpgrade: isUpgrade, origins: origins, session: session)
}
