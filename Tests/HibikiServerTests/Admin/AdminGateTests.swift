// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTransports
import Testing

@testable import HibikiServer

@Suite struct `The gate of the dashboard` {
    private let gate = AdminGate(trustsLocalHostsOnly: false)

    private func source(
        _ origin: String? = nil, site: String? = nil, host: String = "live.example.com", scheme: RequestScheme? = nil
    ) -> AdminGate.Source {
        AdminGate.Source(origins: origin.map { [$0] } ?? [], fetchSite: site, host: host, scheme: scheme)
    }

    @Test func `lets its own page through, and programs without a browser`() {
        #expect(self.gate.admits(self.source("https://live.example.com", site: "same-origin"), isPage: false))
        #expect(self.gate.admits(self.source(site: "same-origin"), isPage: false))
        #expect(self.gate.admits(self.source(site: "none"), isPage: false))
        #expect(self.gate.admits(self.source(), isPage: false))
    }

    @Test(arguments: [
        "https://app.example.com", "https://evil.example", "null", "http://live.example.com.evil.example",
        "https://live.example.com:8443",
    ])
    func `refuses pages of other origins, whatever is allowed elsewhere`(_ origin: String) {
        #expect(!self.gate.admits(self.source(origin, site: "same-site"), isPage: false))
        #expect(!self.gate.admits(self.source(origin), isPage: true))
    }

    @Test(arguments: ["cross-site", "same-site", "nonsense"])
    func `refuses what another site sends without an origin, but for a link that somebody follows`(_ site: String) {
        #expect(!self.gate.admits(self.source(site: site), isPage: false))
        #expect(self.gate.admits(self.source(site: site), isPage: true))
    }

    @Test func `refuses a second origin, and the other scheme`() {
        let two = AdminGate.Source(
            origins: ["https://live.example.com", "https://evil.example"], host: "live.example.com")
        #expect(!self.gate.admits(two, isPage: false))
        #expect(!self.gate.admits(self.source("http://live.example.com", scheme: .https), isPage: false))
    }

    @Test func `refuses names that were made to point here`() {
        let local = AdminGate(trustsLocalHostsOnly: true)
        #expect(!local.admits(self.source("http://evil.example", host: "evil.example"), isPage: false))
        #expect(local.admits(self.source("http://localhost:8080", host: "localhost:8080"), isPage: false))
    }
}

@Suite struct `The cookie of the dashboard` {
    @Test func `is found among others`() {
        #expect(AdminCookie.session(in: ["a=1; hibiki-admin=abc; b=2"]) == "abc")
        #expect(AdminCookie.session(in: ["a=1", "hibiki-admin=abc"]) == "abc")
        #expect(AdminCookie.session(in: ["xhibiki-admin=abc", "hibiki-adminx=abc"]) == nil)
        #expect(AdminCookie.session(in: []) == nil)
        #expect(AdminCookie.session(in: ["hibiki-admin=" + String(repeating: "a", count: 129)]) == nil)
    }

    @Test func `is for no script, no other site, and over TLS for nothing else`() {
        #expect(
            AdminCookie.setting("abc", for: .seconds(60), isSecure: true)
                == "hibiki-admin=abc; Max-Age=60; Path=/admin; HttpOnly; SameSite=Strict; Secure")
        #expect(
            AdminCookie.removing(isSecure: false)
                == "hibiki-admin=; Max-Age=0; Path=/admin; HttpOnly; SameSite=Strict")
    }
}
