// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiTransports
import HibikiWire
import Testing

@testable import HibikiServer

@Suite struct `JSON Web Tokens` {
    private static let now = Timestamp(milliseconds: 1_700_000_000_000)
    private static let secret = Array("a secret of thirty-two bytes or more".utf8)

    private static func check(
        _ token: String, rules: TokenRules = TokenRules(), at time: Timestamp = now
    ) async throws -> Principal {
        let key = try await TokenKey.secret(Self.secret)
        return try await JWTAuthenticator(keys: [key], rules: rules).principal(of: token, at: time)
    }

    /// A token of any text, signed as it should be.
    private static func token(header: String = #"{"alg":"HS256"}"#, _ claims: String) async throws -> String {
        let key = try await TokenKey.secret(Self.secret)
        let signed = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(claims.utf8))
        return signed + "." + Base64URL.encode(try key.sign(Array(signed.utf8)))
    }

    private static func refusal(_ token: String, rules: TokenRules = TokenRules()) async -> AuthenticationFailure? {
        do {
            _ = try await Self.check(token, rules: rules)
            return nil
        } catch {
            return error as? AuthenticationFailure
        }
    }

    @Test func `say who somebody is, what roles that one has, and until when`() async throws {
        let claims = #"{"sub":"alice","roles":["admin","editor"],"exp":1700000060.5,"iat":1,"more":{"of":[1]}}"#
        let principal = try await Self.check(Self.token(claims))
        #expect(principal.id == "alice")
        #expect(principal.roles == ["admin", "editor"])
        #expect(principal.expiry == Timestamp(milliseconds: 1_700_000_060_500))
        let grants = [try Grant("subscribe a/*"), try Grant("signal")]
        let draft = TokenDraft(
            subject: "al\"ice", roles: ["r"], permissions: grants, lifetime: .seconds(5), audience: "a", issuer: "i")
        let made = try await draft.signed(with: .secret(Self.secret), at: Self.now)
        var rules = TokenRules()
        (rules.audience, rules.issuer) = ("a", "i")
        #expect(
            try await Self.check(made, rules: rules)
                == Principal(id: "al\"ice", roles: ["r"], expiry: Self.now.advanced(by: .seconds(5)), grants: grants))
    }

    @Test(arguments: [
        #"{"exp":1700000060}"#, #"{"sub":"","exp":1700000060}"#, #"{"sub":1,"exp":1700000060}"#,
        #"{"sub":"a"}"#, #"{"sub":"a","exp":"1700000060"}"#, #"{"sub":"a","exp":null}"#, #"{"sub":"a","exp":1e300}"#,
        #"{"sub":"a","exp":-1}"#, #"{"sub":"a","exp":1700000060,"nbf":1700000006}"#,
        #"{"sub":"a","exp":1700000060,"sub":"b"}"#, #"{"sub":"a","exp":1700000060,"\u0073ub":"b"}"#,
        #"{"sub":"a","exp":1700000060,"x":1,"x":1}"#, #"{"sub":"a","exp":1700000060,"roles":"#,
        #"{"sub":"a","exp":1700000060,"roles":{}}"#, #"{"sub":"a","exp":1700000060,"roles":[""]}"#,
        #"{"sub":"a","exp":1700000060,"roles":[1]}"#, #"{"sub":"a","exp":1700000060} "x""#, "[]", "", "{", "null",
    ]) func `with these claims are refused, however well they are signed`(_ claims: String) async throws {
        #expect(await Self.refusal(try Self.token(claims))?.code == .invalidToken)
    }

    @Test(arguments: [
        #"{"alg":"none"}"#, #"{"alg":"None"}"#, #"{"alg":"RS256"}"#, #"{"alg":"hs256"}"#, #"{"alg":"HS384"}"#,
        #"{"alg":null}"#, #"{}"#, #"{"alg":"HS256","crit":["exp"]}"#, #"{"alg":"HS256","crit":[],"exp":1}"#,
        #"{"alg":"HS256","alg":"HS256"}"#, #"{"alg":"HS256","kid":1}"#, #"["HS256"]"#,
    ]) func `with these headers are refused, however well they are signed`(_ header: String) async throws {
        let claims = #"{"sub":"a","exp":1700000060}"#
        #expect(await Self.refusal(try Self.token(header: header, claims))?.code == .invalidToken)
        #expect(await Self.refusal(try Self.token(claims)) == nil)
    }

    @Test func `that are not signed, or not three parts of base64url, are refused`() async throws {
        let good = try await Self.token(#"{"sub":"a","exp":1700000060}"#)
        let parts = good.split(separator: ".")
        let unsigned = "\(parts[0]).\(parts[1])."
        let other = "\(parts[1]).\(parts[0]).\(parts[2])"
        for bad in ["", ".", "..", "a.b", unsigned, good + ".", good + "=", " " + good, other, good + "A", "a" + good] {
            #expect(await Self.refusal(bad)?.code == .invalidToken)
        }
    }

    @Test func `of more than 8 KiB are refused before they are read`() async throws {
        let long = try await Self.token(#"{"sub":"a","exp":1700000060,"x":""# + String(repeating: "x", count: 9_000))
        #expect(await Self.refusal(long) == .tooLong)
    }

    @Test func `count five seconds longer than they say, and from five seconds before`() async throws {
        let token = try await Self.token(#"{"sub":"a","nbf":1700000010,"exp":1700000060}"#)
        for (second, counts) in [(4.9, false), (5, true), (60, true), (64.9, true), (65, false)] {
            let time = Self.now.advanced(by: .milliseconds(Int64(second * 1_000)))
            let principal = try? await Self.check(token, at: time)
            #expect((principal != nil) == counts, "\(second)")
        }
        let late = Timestamp(milliseconds: 1_700_000_065_000)
        await #expect(throws: AuthenticationFailure.expired) { try await Self.check(token, at: late) }
    }

    @Test func `are for whom they say, and from whom they say`() async throws {
        var rules = TokenRules()
        (rules.audience, rules.issuer) = ("chat", "https://login")
        for (claims, counts) in [
            (#""aud":"chat","iss":"https://login""#, true), (#""aud":["x","chat"],"iss":"https://login""#, true),
            (#""aud":"chats","iss":"https://login""#, false), (#""aud":[],"iss":"https://login""#, false),
            (#""iss":"https://login""#, false), (#""aud":"chat""#, false),
            (#""aud":"chat","iss":"https://log""#, false),
        ] {
            let token = try await Self.token(#"{"sub":"a","exp":1700000060,\#(claims)}"#)
            #expect((await Self.refusal(token, rules: rules) == nil) == counts, "\(claims)")
        }
    }

    @Test func `without an end are taken only where that is wanted`() async throws {
        var rules = TokenRules()
        rules.requiresExpiry = false
        let principal = try await Self.check(Self.token(#"{"sub":"a"}"#), rules: rules)
        #expect(principal == Principal(id: "a"))
    }

    @Test func `that are refused are quoted nowhere`() async throws {
        let words = ["Zm9vYmFy", "c2VjcmV0LXRva2Vu", "bXktc2lnbmF0dXJl"]
        let failure = try #require(await Self.refusal(words.joined(separator: ".")))
        for word in words {
            #expect(!"\(failure)".contains(word))
            #expect(!failure.responseFields.contains { $0.value.contains(word) })
        }
    }
}
