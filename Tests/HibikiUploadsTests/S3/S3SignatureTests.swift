// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import NIOCore
import Testing

@testable import HibikiS3

/// The credentials, requests and signatures are those that the documentation of the protocol computes.
@Suite struct `A signature` {
    private static let signature = S3Signature(
        credentials: S3Credentials(
            accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        region: "us-east-1")
    /// 24 May 2013, 0:00 UTC.
    private static let time = Timestamp(milliseconds: 1_369_353_600_000)
    private static let host = "examplebucket.s3.amazonaws.com"
    private static let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    private static func request(_ method: String, _ path: String, _ query: [(String, String)] = []) -> S3Request {
        S3Request(
            method: method, scheme: "https", host: self.host, path: path,
            query: query.map { (name: $0.0, value: $0.1) })
    }

    private static func authorization(_ request: S3Request, _ payload: String = empty) -> String? {
        self.signature.sign(request, payload: payload, at: self.time).headers.first { $0.name == "authorization" }?
            .value
    }

    private static func expected(_ names: String, _ signature: String) -> String {
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
            + "SignedHeaders=\(names),Signature=\(signature)"
    }

    @Test func `of a part of an object is that of the documentation`() {
        var request = Self.request("GET", "/test.txt")
        request.headers = [(name: "range", value: "bytes=0-9")]
        #expect(S3Signature.digest() == Self.empty)
        #expect(
            Self.authorization(request)
                == Self.expected(
                    "host;range;x-amz-content-sha256;x-amz-date",
                    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"))
    }

    @Test func `of an object that is put is that of the documentation`() {
        var request = Self.request("PUT", "/" + S3Request.encode(path: "test$file.text"))
        request.headers = [
            (name: "date", value: "Fri, 24 May 2013 00:00:00 GMT"),
            (name: "x-amz-storage-class", value: "REDUCED_REDUNDANCY"),
        ]
        let body = ByteBuffer(string: "Welcome to Amazon S3.")
        #expect(
            Self.authorization(request, S3Signature.digest(body))
                == Self.expected(
                    "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                    "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"))
    }

    @Test func `of a query without a value is that of the documentation`() {
        #expect(
            Self.authorization(Self.request("GET", "/", [("lifecycle", "")]))
                == Self.expected(
                    "host;x-amz-content-sha256;x-amz-date",
                    "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"))
    }

    @Test func `of a query is that of the documentation whatever its order`() {
        #expect(
            Self.authorization(Self.request("GET", "/", [("prefix", "J"), ("max-keys", "2")]))
                == Self.expected(
                    "host;x-amz-content-sha256;x-amz-date",
                    "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"))
    }

    @Test func `in an address is that of the documentation`() {
        let signed = Self.signature.presign(Self.request("GET", "/test.txt"), seconds: 86_400, at: Self.time)
        #expect(
            signed.url
                == "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400"
                + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
                + "&X-Amz-SignedHeaders=host")
    }

    @Test func `says nothing of the secret`() {
        #expect(!"\(Self.signature)".contains("wJalr"))
    }

    @Test(arguments: [
        ("http://127.0.0.1:9000", true, "http://127.0.0.1:9000/box/in/file/x"),
        ("https://s3.example.com", false, "https://box.s3.example.com/in/file/x"),
        ("https://s3.example.com/", true, "https://s3.example.com/box/in/file/x"),
    ])
    func `is of an address in the style that the store wants`(_ endpoint: String, _ isPathStyle: Bool, _ url: String) {
        var configuration = S3Configuration(
            endpoint: endpoint, region: "r", bucket: "box", credentials: Self.signature.credentials)
        configuration.isPathStyle = isPathStyle
        configuration.prefix = "in/"
        let client = S3Client(configuration: configuration, now: { Self.time })
        #expect(client.request("GET", "file/x").url == url)
    }

    @Test func `is followed by answers of which one element is read`() {
        let answer = ByteBuffer(string: "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code><Message/></Error>")
        #expect(S3Answer.text(of: "Code", in: answer) == "NoSuchKey")
        #expect(S3Answer.text(of: "UploadId", in: answer) == nil)
        #expect(S3Answer.text(of: "Code", in: ByteBuffer(string: "<Code>cut")) == nil)
    }
}
