// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Makes small pictures of large ones.
public protocol Thumbnailer: Sendable {
    /// - Parameters:
    ///   - path: a picture, as somebody has sent it.
    ///   - result: where the small one is to be, in WebP. Whatever is there afterwards without success is removed by the caller.
    func makeThumbnail(of path: String, at result: String) async throws
}

/// What thumbnails are made of, and how.
public struct ThumbnailLimits: Sendable, Equatable {
    /// Pixels that a picture may claim to have. Default 100 million; an upload of a larger one is refused with 422, because whoever opens it pays for it.
    public var pixels = 100_000_000
    /// Bytes of a picture that a thumbnail is made of. Default 32 MiB.
    public var bytes = 32 << 20
    /// Width and height that a thumbnail has at most. Default 512.
    public var edge = 512
    /// Pictures that may wait. Default 256; those beyond it get no thumbnail.
    public var queue = 256
    /// Programs that work at one time. Default 2.
    public var workers = 2

    public init() {}
}

/// No thumbnail was made, in words for the log.
public struct ThumbnailFailure: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
