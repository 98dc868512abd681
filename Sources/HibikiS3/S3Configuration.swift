// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A bucket of a store that speaks the protocol of Amazon S3.
public struct S3Configuration: Sendable {
    /// The address of the store without the bucket: `https://s3.eu-central-1.amazonaws.com`, `http://127.0.0.1:9000`.
    public var endpoint: String
    /// Of the bucket. Stores that have none take any.
    public var region: String
    public var bucket: String
    /// What stands before every key, as `hibiki/`. Default empty.
    public var prefix = ""
    /// Whether the bucket stands in the path and not in the name of the host. Default on: every store takes it that has no wildcard certificate.
    public var isPathStyle = true
    public var credentials: S3Credentials
    /// Bytes of a part of a large file, and those up to which a file goes in one request. Default 8 MiB; the protocol wants 5 MiB at least.
    public var partBytes = 8 << 20
    /// Parts of one file that are on their way at one time. Default 3.
    public var partsAtOnce = 3
    /// Parts of all files that are in memory at one time; the others wait. Default 8.
    public var partsInMemory = 8
    /// How long one request may take. Default 60 s.
    public var timeout: Duration = .seconds(60)
    /// How often a request is sent that fails because of the network or of the store. Default 4.
    public var attempts = 4

    public init(endpoint: String, region: String, bucket: String, credentials: S3Credentials) {
        self.endpoint = endpoint
        self.region = region
        self.bucket = bucket
        self.credentials = credentials
    }
}

/// Who asks, and how that is proved.
public struct S3Credentials: Sendable, CustomStringConvertible {
    public var accessKey: String
    public var secretKey: String
    /// Of credentials that are good for a time; `nil` for others.
    public var sessionToken: String?

    public init(accessKey: String, secretKey: String, sessionToken: String? = nil) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
    }

    /// Without what is secret.
    public var description: String { "S3Credentials(\(self.accessKey))" }
}
