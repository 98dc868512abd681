// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What has happened to uploads since the server was started.
public struct UploadStatistics: Equatable, Sendable {
    public var created = 0
    public var completed = 0
    public var terminated = 0
    /// Deleted because they were not completed in time.
    public var expired = 0
    /// Deleted because nothing referred to them.
    public var orphaned = 0
    public var infected = 0
    /// Refused by their first bytes.
    public var refusedTypes = 0
    public var bytesReceived = 0
    public var bytesSent = 0
    public var thumbnails = 0
    public var failedThumbnails = 0
    /// Requests that add bytes at the moment.
    public var receiving = 0

    public init() {}
}
