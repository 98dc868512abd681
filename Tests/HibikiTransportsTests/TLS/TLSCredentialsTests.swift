// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Testing

@testable import HibikiTransports

@Suite struct `The certificate of a port` {
    private static let start = Timestamp(milliseconds: 1_800_000_000_000)

    private func with(_ certificate: TestCertificate, _ body: (CertificateFolder, TLSCredentials) throws -> Void) throws
    {
        let folder = try CertificateFolder(certificate)
        try body(folder, try TLSCredentials(folder.files))
        try folder.remove()
    }

    @Test func `says when it expires`() throws {
        try self.with(.one) { _, credentials in
            #expect(credentials.expires == TestCertificate.one.expires)
            #expect(credentials.look(at: Self.start).isEmpty)
        }
    }

    @Test func `is replaced when its files are, as soon as they have stayed the same for a look`() throws {
        try self.with(.one) { folder, credentials in
            let context = credentials.context
            try folder.replace(chain: TestCertificate.two.chain, key: TestCertificate.two.key)
            #expect(credentials.look(at: Self.start).isEmpty)
            #expect(credentials.context === context)
            #expect(credentials.look(at: Self.start) == [.replaced(expires: TestCertificate.two.expires)])
            #expect(credentials.context !== context)
            #expect(credentials.look(at: Self.start).isEmpty)
        }
    }

    @Test func `stays when the new one can not be used, which is said once`() throws {
        try self.with(.one) { folder, credentials in
            let context = credentials.context
            for (chain, key, word) in [
                (TestCertificate.two.chain, TestCertificate.one.key, "belong"),
                ("", TestCertificate.one.key, "certificate"),
                (TestCertificate.one.chain, "nonsense", "private key"),
            ] {
                try folder.replace(chain: chain, key: key)
                let notices = (0..<4).flatMap { _ in credentials.look(at: Self.start) }
                guard case .refused(let problem) = notices.first, notices.count == 1 else {
                    Issue.record("\(notices)")
                    continue
                }
                #expect(problem.description.contains(word))
                #expect(credentials.context === context)
            }
        }
    }

    @Test func `stays when its files are gone`() throws {
        let folder = try CertificateFolder(.one)
        let credentials = try TLSCredentials(folder.files)
        try folder.remove()
        let notices = (0..<4).flatMap { _ in credentials.look(at: Self.start) }
        #expect(notices.count == 1)
        #expect(credentials.expires == TestCertificate.one.expires)
    }

    @Test func `is refused at the start if it can not be used`() throws {
        let folder = try CertificateFolder(chain: TestCertificate.one.chain, key: TestCertificate.two.key)
        #expect(throws: CertificateProblem.self) { try TLSCredentials(folder.files) }
        try folder.remove()
        #expect(throws: CertificateProblem.self) { try TLSCredentials(folder.files) }
    }

    @Test func `warns once a day from thirty days before its end`() throws {
        let hour: Int64 = 3_600_000
        func before(_ hours: Int64) -> Timestamp {
            Timestamp(milliseconds: TestCertificate.one.expires.milliseconds - hours * hour)
        }
        try self.with(.one) { _, credentials in
            #expect(credentials.look(at: before(30 * 24)).isEmpty)
            #expect(credentials.look(at: before(30 * 24 - 1)) == [.expires(days: 29)])
            #expect(credentials.look(at: before(29 * 24)).isEmpty)
            #expect(credentials.look(at: before(28 * 24)) == [.expires(days: 28)])
            #expect(credentials.look(at: before(-1)) == [.expires(days: -1)])
        }
    }
}
