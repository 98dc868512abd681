// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Testing

@testable import HibikiServer

@Suite(.timeLimit(.minutes(1))) struct `API keys` {
    private static let digest = String(repeating: "0a", count: 32)

    @Test func `a key that was made is known by what belongs into the settings`() throws {
        let made = try APIKey.make(name: "billing", scopes: "publish,read", patterns: ["orders/**", "invoices/*"])
        #expect(made.secret.hasPrefix("hk_") && made.secret.utf8.count == 46)
        #expect(made.key.text.hasPrefix("billing publish+read sha256:"))
        #expect(made.key.text.hasSuffix(" orders/** invoices/*"))
        #expect(!made.key.text.contains(made.secret.dropFirst(3)))
        let keys = APIKeys([try APIKey(made.key.text)])
        let principal = try keys.principal(of: made.secret)
        #expect(principal.id == "key:billing" && principal.key?.name == "billing")
        #expect(principal.key?.scopes == [.publish, .read])
        for other in ["", "hk_", String(made.secret.dropLast()), made.secret + "x", made.secret.uppercased()] {
            #expect(throws: AuthenticationFailure.self) { try keys.principal(of: other) }
        }
        let another = try APIKey.make(name: "billing", scopes: "read", patterns: [])
        #expect(another.secret != made.secret)
    }

    @Test(arguments: [
        "", "a", "a read", "a read \(digest)", "a read sha256:\(digest)0", "a read sha256:\(digest.dropLast())",
        "a read sha256:\(digest.dropLast())g", "a read sha256:\(digest.uppercased())",
        "a write sha256:\(digest)", "a read+ sha256:\(digest)", "a + sha256:\(digest)",
        "a read,publish sha256:\(digest)",
        "a/b read sha256:\(digest)", "\u{E9} read sha256:\(digest)",
        "\(String(repeating: "a", count: 65)) read sha256:\(digest)", "a read sha256:\(digest) a*b",
        "a read sha256:\(digest) {nobody}",
    ])
    func `a text that is no key's is refused`(_ text: String) {
        #expect(throws: APIKey.Problem.self) { try APIKey(text) }
    }

    @Test func `a key allows what its scopes say, on the topics that it is for, and no rule allows it more`() throws {
        let rules = Permissions([try PermissionRule("anyone all public/**"), try PermissionRule("users signal")])
        func allowed(_ scopes: String, _ patterns: [String], _ topic: String) throws -> [Action.Kind] {
            let key = try APIKey.make(name: "k", scopes: scopes, patterns: patterns).key
            let principal = Principal(key: key.identity)
            let topic = try Topic(topic)
            let actions: [Action] = [.subscribe(topic), .publish(topic), .presence(topic), .history(topic), .signal]
            return actions.filter { rules.allows(principal, $0) }.map(\.kind)
        }
        #expect(try allowed("publish", ["orders/**"], "orders/7") == [.publish])
        #expect(try allowed("read", ["orders/**"], "orders/7") == [.subscribe, .presence, .history])
        #expect(try allowed("publish,read", ["orders/**"], "public/a") == [])
        #expect(try allowed("publish", [], "public/a/b") == [.publish])
        #expect(try allowed("manage,metrics", [], "orders/7") == [])
    }

    @Test func `a key has nobody's id, so that a pattern for users' own topics opens nothing`() throws {
        let key = try APIKey.make(name: "k", scopes: "read", patterns: ["users/{id}/**"]).key
        #expect(try key.identity.isFor(Topic("users/anybody/inbox")) == false)
    }

    @Test func `what is taken away or changed is named`() throws {
        let (one, other) = (
            try APIKey.make(name: "one", scopes: "read", patterns: []).key,
            try APIKey.make(name: "other", scopes: "read", patterns: []).key
        )
        let keys = APIKeys([one, other])
        #expect(keys.replace(with: [other]).map(\.name) == ["one"])
        #expect(keys.replace(with: [other]).isEmpty)
        #expect(keys.replace(with: [try APIKey(other.text + " a/*")]).map(\.name) == ["other"])
    }
}
