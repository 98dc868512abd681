// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOSSL
import Synchronization

/// Whose word counts for it that a server is who it says it is (RFC 8446 §4.4.2). The name in the address is always compared
/// with the certificate.
public enum ServerTrust: Hashable, Sendable {
    /// The authorities that the system knows.
    case system
    /// Those in a file of PEM, and no others: for an authority of one's own, or a certificate that nobody else has signed.
    case certificates(file: String)

    private static let contexts = Mutex<[ServerTrust: NIOSSLContext]>([:])

    /// Made once: it reads all certificates.
    ///
    /// - Throws: ``HibikiClientError/Code/invalidTrust`` if the file cannot be read, or holds no certificates.
    func context() throws(HibikiClientError) -> NIOSSLContext {
        if let known = Self.contexts.withLock({ $0[self] }) { return known }
        let context = try self.makeContext()
        return Self.contexts.withLock { contexts in
            contexts[self] = context
            return context
        }
    }

    private func makeContext() throws(HibikiClientError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do {
            if case .certificates(let file) = self {
                configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(file))
            }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw HibikiClientError(.invalidTrust, "there are no certificates to trust in \(self): \(error)")
        }
    }
}

extension ServerTrust: CustomStringConvertible {
    public var description: String {
        switch self {
        case .system: "the system's store"
        case .certificates(let file): file
        }
    }
}
