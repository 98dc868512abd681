// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Crypto
import NIOCore

/// `Upload-Checksum` (tus 1.0, "Checksum"): what the body of one request has to be.
public struct UploadChecksum: Equatable, Sendable {
    public enum Algorithm: String, CaseIterable, Sendable {
        case sha256, sha1, md5

        fileprivate var bytes: Int {
            switch self {
            case .sha256: SHA256.byteCount
            case .sha1: Insecure.SHA1.byteCount
            case .md5: Insecure.MD5.byteCount
            }
        }
    }

    /// As `Tus-Checksum-Algorithm` has them.
    public static let algorithms = Algorithm.allCases.map(\.rawValue).joined(separator: ",")

    public static let mismatch = UploadRefusal(
        460, .checksumMismatch, "the bytes are not those that the checksum was made of, and were thrown away")

    public let algorithm: Algorithm
    let digest: [UInt8]

    public init(_ text: String) throws(UploadRefusal) {
        let words = text.utf8.split(separator: UInt8(ascii: " "))
        guard words.count == 2, let algorithm = Algorithm(rawValue: String(decoding: words[0], as: UTF8.self)) else {
            throw .invalid("Upload-Checksum begins with one of \(Self.algorithms)")
        }
        guard let digest = Base64.decode(words[1]), digest.count == algorithm.bytes else {
            throw .invalid("Upload-Checksum is no digest of \(algorithm.rawValue) in base 64")
        }
        self.algorithm = algorithm
        self.digest = digest
    }
}

/// A checksum that is being made.
struct RunningChecksum {
    private enum State {
        case sha256(SHA256)
        case sha1(Insecure.SHA1)
        case md5(Insecure.MD5)
    }

    private var state: State
    private let expected: [UInt8]

    init(_ checksum: UploadChecksum) {
        self.expected = checksum.digest
        self.state =
            switch checksum.algorithm {
            case .sha256: .sha256(SHA256())
            case .sha1: .sha1(Insecure.SHA1())
            case .md5: .md5(Insecure.MD5())
            }
    }

    mutating func add(_ bytes: ByteBuffer) {
        bytes.withUnsafeReadableBytes { bytes in
            switch self.state {
            case .sha256(var hash):
                hash.update(bufferPointer: bytes)
                self.state = .sha256(hash)
            case .sha1(var hash):
                hash.update(bufferPointer: bytes)
                self.state = .sha1(hash)
            case .md5(var hash):
                hash.update(bufferPointer: bytes)
                self.state = .md5(hash)
            }
        }
    }

    var fits: Bool {
        switch self.state {
        case .sha256(let hash): Array(hash.finalize()) == self.expected
        case .sha1(let hash): Array(hash.finalize()) == self.expected
        case .md5(let hash): Array(hash.finalize()) == self.expected
        }
    }
}
