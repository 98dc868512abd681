// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Crypto
import HibikiMessaging
import HibikiWire
import NIOCore

/// AWS Signature Version 4, for S3: the proof that a request comes from who has the secret key, and was not changed on its way.
struct S3Signature: Sendable {
    private static let algorithm = "AWS4-HMAC-SHA256"

    let credentials: S3Credentials
    let region: String

    /// The digest of a body, as it is signed.
    static func digest(_ bytes: ByteBuffer = ByteBuffer()) -> String {
        bytes.withUnsafeReadableBytes { Self.hexadecimal(SHA256.hash(data: $0)) }
    }

    /// Signs a request by its header.
    ///
    /// - Parameter payload: the digest of its body.
    func sign(_ request: S3Request, payload: String, at now: Timestamp) -> S3Request {
        var request = request
        let time = S3Time(now)
        request.headers += [("host", request.host), ("x-amz-content-sha256", payload), ("x-amz-date", time.text)]
        if let token = self.credentials.sessionToken { request.headers.append(("x-amz-security-token", token)) }
        let signature = self.signature(of: request, payload: payload, time)
        let names = Self.signedNames(request)
        request.headers.append(
            (
                "authorization",
                "\(Self.algorithm) Credential=\(self.credentials.accessKey)/\(self.scope(time)),"
                    + "SignedHeaders=\(names),Signature=\(signature)"
            ))
        return request
    }

    /// Signs an address, so that anybody who has it may send the request for a time.
    func presign(_ request: S3Request, seconds: Int, at now: Timestamp) -> S3Request {
        var request = request
        let time = S3Time(now)
        request.headers = [("host", request.host)]
        request.query += [
            ("X-Amz-Algorithm", Self.algorithm),
            ("X-Amz-Credential", "\(self.credentials.accessKey)/\(self.scope(time))"),
            ("X-Amz-Date", time.text), ("X-Amz-Expires", "\(seconds)"), ("X-Amz-SignedHeaders", "host"),
        ]
        if let token = self.credentials.sessionToken { request.query.append(("X-Amz-Security-Token", token)) }
        request.query.append(("X-Amz-Signature", self.signature(of: request, payload: "UNSIGNED-PAYLOAD", time)))
        return request
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }, as: UTF8.self)
    }

    private func scope(_ time: S3Time) -> String { "\(time.day)/\(self.region)/s3/aws4_request" }

    private static func signedNames(_ request: S3Request) -> String {
        request.headers.map(\.name).sorted().joined(separator: ";")
    }

    private func signature(of request: S3Request, payload: String, _ time: S3Time) -> String {
        let headers = request.headers.sorted { $0.name < $1.name }.map { "\($0.name):\($0.value)\n" }.joined()
        let canonical = [
            request.method, request.path, request.canonicalQuery, headers, Self.signedNames(request), payload,
        ].joined(separator: "\n")
        let digest = Self.hexadecimal(SHA256.hash(data: Array(canonical.utf8)))
        let text = "\(Self.algorithm)\n\(time.text)\n\(self.scope(time))\n\(digest)"
        var key = Array("AWS4\(self.credentials.secretKey)".utf8)
        for part in [time.day, self.region, "s3", "aws4_request", text] {
            key = Array(HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: SymmetricKey(data: key)))
        }
        return Self.hexadecimal(key)
    }
}

/// A moment as signatures have it: `20130524T000000Z`.
struct S3Time {
    let day: String
    let text: String

    init(_ time: Timestamp) {
        let parts = Self.parts(time)
        self.day = parts.date.joined()
        self.text = "\(self.day)T\(parts.clock.joined())Z"
    }

    /// As lists have it, without what is less than a second: `2013-05-24T00:00:00`.
    static func listed(_ time: Timestamp) -> String {
        let parts = Self.parts(time)
        return "\(parts.date.joined(separator: "-"))T\(parts.clock.joined(separator: ":"))"
    }

    private static func parts(_ time: Timestamp) -> (date: [String], clock: [String]) {
        let (days, second) = (time.milliseconds / 1_000).flooredQuotientAndRemainder(by: 86_400)
        let date = CivilDate(daysSince1970: days)
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return (
            ["\(date.year)", two(date.month), two(date.day)],
            [two(second / 3_600), two(second / 60 % 60), two(second % 60)]
        )
    }
}
