// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiMessaging
import HibikiTransports
import NIOSSL

/// A self-signed certificate for tests and its key, made with openssl.
struct TestCertificate: Sendable {
    let chain: String
    let key: String
    let expires: Timestamp

    static let one = TestCertificate(
        chain: """
            -----BEGIN CERTIFICATE-----
            MIIBmTCCAT+gAwIBAgIUZRtLE/EhGns5PL3mfQUYPxOqlXcwCgYIKoZIzj0EAwIw
            EzERMA8GA1UEAwwIb25lLnRlc3QwIBcNMjYxMTIxMTcxMDUxWhgPMjEyNjEwMjgx
            NzEwNTFaMBMxETAPBgNVBAMMCG9uZS50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0D
            AQcDQgAEIzXC5DZt7lEv5NEHufWf9WqYz031ymaNOVvYb8SzaSQ6zoVAzlcf6cq5
            xk8MO/jqgpiZFZx528eUZgUOCB/8S6NvMG0wHQYDVR0OBBYEFJ/04a6vobFRlPPc
            rwIUDuoiAtqEMB8GA1UdIwQYMBaAFJ/04a6vobFRlPPcrwIUDuoiAtqEMA8GA1Ud
            EwEB/wQFMAMBAf8wGgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMAoGCCqGSM49
            BAMCA0gAMEUCIGT2+usJ4NGshMd+ze81ucLyesBDRB5Bvc8/V0BHDvjiAiEA0wgD
            8wC1BLhKCM1RiINCZpEgDV+pE4t3TFdbKPQ4eI8=
            -----END CERTIFICATE-----
            """,
        key: """
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEIDIF0TloYwGFRIvrfCWZ+4qM4DkzDO8WZxonpD/t89jSoAoGCCqGSM49
            AwEHoUQDQgAEIzXC5DZt7lEv5NEHufWf9WqYz031ymaNOVvYb8SzaSQ6zoVAzlcf
            6cq5xk8MO/jqgpiZFZx528eUZgUOCB/8Sw==
            -----END EC PRIVATE KEY-----
            """,
        expires: Timestamp(milliseconds: 4_948_881_051_000)
    )

    static let two = TestCertificate(
        chain: """
            -----BEGIN CERTIFICATE-----
            MIIBmjCCAT+gAwIBAgIUGkugeJpKI1E77zp/wM8QpeNWLW0wCgYIKoZIzj0EAwIw
            EzERMA8GA1UEAwwIdHdvLnRlc3QwIBcNMjYxMTIxMTcxMDUxWhgPMjEyNjEwMjgx
            NzEwNTFaMBMxETAPBgNVBAMMCHR3by50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0D
            AQcDQgAEMjAit+HloQD1iIHAveKhpOe42rCrRWlLyhgJfWewmfCwh4L/a3loDVcD
            LE/yWywJbGtQR9ZhDOw1Ec67qai7mKNvMG0wHQYDVR0OBBYEFFHJWH9XdBXl5h0/
            Bmn0fnWSM4M/MB8GA1UdIwQYMBaAFFHJWH9XdBXl5h0/Bmn0fnWSM4M/MA8GA1Ud
            EwEB/wQFMAMBAf8wGgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMAoGCCqGSM49
            BAMCA0kAMEYCIQD76w9+SO4Ldse9e2p+baFASCA3YuMHxKp8tlvuoNf5sAIhAJjH
            cErEpV74f3/6WbMdpDSohCbQEEmA4GebEFmQ4If0
            -----END CERTIFICATE-----
            """,
        key: """
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEIITSMb+6317UPN8sUa0IWgXBZcni6GWva008HsLdCC2IoAoGCCqGSM49
            AwEHoUQDQgAEMjAit+HloQD1iIHAveKhpOe42rCrRWlLyhgJfWewmfCwh4L/a3lo
            DVcDLE/yWywJbGtQR9ZhDOw1Ec67qai7mA==
            -----END EC PRIVATE KEY-----
            """,
        expires: Timestamp(milliseconds: 4_948_881_051_000)
    )
}

/// A folder with a certificate and its key, which is gone at the end.
struct CertificateFolder {
    private let folder: URL
    var files = CertificateFiles()

    init(chain: String, key: String) throws {
        self.folder = FileManager.default.temporaryDirectory.appendingPathComponent("hibiki-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: false)
        self.files.chain = self.folder.appendingPathComponent("chain.pem").path
        self.files.key = self.folder.appendingPathComponent("key.pem").path
        try self.replace(chain: chain, key: key)
    }

    init(_ certificate: TestCertificate) throws {
        try self.init(chain: certificate.chain, key: certificate.key)
    }

    func replace(chain: String, key: String) throws {
        try Data((chain + "\n").utf8).write(to: URL(fileURLWithPath: self.files.chain), options: .atomic)
        try Data((key + "\n").utf8).write(to: URL(fileURLWithPath: self.files.key), options: .atomic)
    }

    func remove() throws {
        try FileManager.default.removeItem(at: self.folder)
    }
}

/// What a client of TLS trusts, and how it says what it would like to speak.
enum TestTLS {
    static func client(trusting certificate: TestCertificate, protocols: [String] = []) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates([
            try NIOSSLCertificate(bytes: Array(certificate.chain.utf8), format: .pem)
        ])
        configuration.applicationProtocols = protocols
        return try NIOSSLContext(configuration: configuration)
    }
}
