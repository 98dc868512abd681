// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import NIOSSL

/// A certificate with its key, ready for connections.
struct TLSIdentity: Sendable {
    let context: NIOSSLContext
    /// From then on clients refuse the certificate.
    let expires: Timestamp

    /// Reads the files. A key that does not belong to the certificate is a problem here, and not one of the first client.
    init(_ files: CertificateFiles) throws(CertificateProblem) {
        let chain = try Self.read("a certificate", files.chain) { try NIOSSLCertificate.fromPEMFile(files.chain) }
        let key = try Self.read("a private key", files.key) { try NIOSSLPrivateKey(file: files.key, format: .pem) }
        guard let first = chain.first else { throw CertificateProblem("\(files.chain) has no certificate") }
        self.expires = Timestamp(milliseconds: Int64(first.notValidAfter) * 1_000)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["h2", "http/1.1"]
        // As long as a peer may take that does not close its side.
        configuration.shutdownTimeout = ClosingRole.patience
        do {
            self.context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw CertificateProblem("the key in \(files.key) does not belong to the certificate in \(files.chain)")
        }
    }

    private static func read<Value>(
        _ what: String, _ path: String, _ read: () throws -> Value
    ) throws(CertificateProblem) -> Value {
        do {
            return try read()
        } catch {
            throw CertificateProblem("\(path) cannot be read as \(what) in PEM")
        }
    }
}
