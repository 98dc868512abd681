// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Where a certificate and its key are.
public struct CertificateFiles: Sendable, Hashable {
    /// The server's certificate, and those that lead from it to an authority, in PEM. Default none: TLS is not spoken.
    public var chain = ""
    /// The private key, in PEM.
    public var key = ""

    public init() {}

    public var isSet: Bool { !self.chain.isEmpty && !self.key.isEmpty }

    /// What tells whether one of the files is another than before. Follows links, as tools that replace certificates do.
    func stamps() -> [FileStamp?] { [FileStamp(self.chain), FileStamp(self.key)] }
}

/// A file at one moment, without its content.
struct FileStamp: Equatable {
    private let numbers: [Int64]

    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
        let time = status.st_mtimespec
        #else
        let time = status.st_mtim
        #endif
        self.numbers = [
            Int64(truncatingIfNeeded: status.st_dev), Int64(truncatingIfNeeded: status.st_ino), Int64(status.st_size),
            Int64(time.tv_sec), Int64(time.tv_nsec),
        ]
    }
}

/// Why a certificate and its key cannot be used, in words for whoever put them there.
public struct CertificateProblem: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
