// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiS3
public import HibikiUploads

/// Uploads, as they are set.
public struct UploadsConfiguration: Sendable {
    /// Whether there are any. Default on; they need a folder all the same.
    public var isOn = true
    /// Where files stand until they are complete, and for ever without an S3 store. Default empty: `uploads` in ``ServerConfiguration/data``.
    public var folder = ""
    public var limits = UploadLimits()
    /// Whether small pictures are made of large ones. Default on; it wants `vipsthumbnail`.
    public var hasThumbnails = true
    public var thumbnails = ThumbnailLimits()
    /// A program that looks into each file: see ``HibikiUploads/CommandScanner``. Default empty: none.
    public var scanner = ""
    /// Where complete files are; without a bucket, in the folder.
    public var bucket = UploadBucket()
    /// Who may upload, and who may have what others have uploaded. `nil`, the default, for ``HibikiUploads/OwnerAccess``.
    public var access: (any UploadAccess)?
    /// Who says what is referred to, beside the messages of the chat. `nil`, the default, for nobody: then all complete files stay but those that were
    /// begun for a message, or were in one.
    public var references: (any UploadReferences)?
    /// Who is told of complete files.
    public var observer: (any UploadObserver)?

    public init() {}

    /// Where uploads are; `nil` if there are to be none, or there is nowhere to put them.
    public func folder(data: String) -> String? {
        guard self.isOn else { return nil }
        guard self.folder.isEmpty else { return self.folder }
        return data.isEmpty ? nil : "\(data)/uploads"
    }
}

/// A bucket of an S3 store, as it is set.
public struct UploadBucket: Sendable {
    /// Empty for none.
    public var name = ""
    public var endpoint = ""
    public var region = "us-east-1"
    public var prefix = ""
    public var isPathStyle = true
    public var accessKey = ""
    /// A file with the secret key, so that it stands in no list of processes.
    public var secretFile = ""
    /// Whether downloads are sent to the store itself, with an address that is good for some minutes. Default off: they go through the server.
    public var redirects = false

    public init() {}

    /// Reads the secret. `nil` without a bucket.
    public func configuration() throws -> S3Configuration? {
        guard !self.name.isEmpty else { return nil }
        let secret = String(decoding: try SecretFile.read(self.secretFile), as: UTF8.self)
        var configuration = S3Configuration(
            endpoint: self.endpoint.isEmpty ? "https://s3.\(self.region).amazonaws.com" : self.endpoint,
            region: self.region, bucket: self.name,
            credentials: S3Credentials(accessKey: self.accessKey, secretKey: secret))
        configuration.prefix = self.prefix
        configuration.isPathStyle = self.isPathStyle
        return configuration
    }
}
