// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

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

    public init() {}

    /// `nil` if there is nowhere to put files.
    func folder(data: String) -> String? {
        guard self.isOn else { return nil }
        guard self.folder.isEmpty else { return self.folder }
        return data.isEmpty ? nil : "\(data)/uploads"
    }
}
