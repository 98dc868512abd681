// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What a file is, by its bytes. The set is open; the names are media types.
public struct FileType: Hashable, Sendable {
    /// In lower case, without parameters: `image/png`.
    public let mediaType: String

    public init(mediaType: String) {
        self.mediaType = mediaType
    }

    public static let png = FileType(mediaType: "image/png")
    public static let jpeg = FileType(mediaType: "image/jpeg")
    public static let gif = FileType(mediaType: "image/gif")
    public static let webp = FileType(mediaType: "image/webp")
    public static let avif = FileType(mediaType: "image/avif")
    public static let heic = FileType(mediaType: "image/heic")
    public static let bmp = FileType(mediaType: "image/bmp")
    public static let tiff = FileType(mediaType: "image/tiff")
    public static let icon = FileType(mediaType: "image/vnd.microsoft.icon")
    public static let mp4 = FileType(mediaType: "video/mp4")
    public static let quickTime = FileType(mediaType: "video/quicktime")
    public static let matroska = FileType(mediaType: "video/x-matroska")
    public static let webm = FileType(mediaType: "video/webm")
    public static let avi = FileType(mediaType: "video/x-msvideo")
    public static let m4a = FileType(mediaType: "audio/mp4")
    public static let mp3 = FileType(mediaType: "audio/mpeg")
    public static let ogg = FileType(mediaType: "audio/ogg")
    public static let wave = FileType(mediaType: "audio/wav")
    public static let flac = FileType(mediaType: "audio/flac")
    public static let aac = FileType(mediaType: "audio/aac")
    public static let midi = FileType(mediaType: "audio/midi")
    public static let pdf = FileType(mediaType: "application/pdf")
    public static let zip = FileType(mediaType: "application/zip")
    public static let gzip = FileType(mediaType: "application/gzip")
    public static let sevenZip = FileType(mediaType: "application/x-7z-compressed")
    public static let xz = FileType(mediaType: "application/x-xz")
    public static let zstandard = FileType(mediaType: "application/zstd")
    public static let bzip2 = FileType(mediaType: "application/x-bzip2")
    public static let rar = FileType(mediaType: "application/vnd.rar")
    public static let postScript = FileType(mediaType: "application/postscript")
    public static let rtf = FileType(mediaType: "application/rtf")
    public static let text = FileType(mediaType: "text/plain")
    /// Nothing else fits.
    public static let unknown = FileType(mediaType: "application/octet-stream")

    // Of these a browser or a system runs what is in them.
    public static let svg = FileType(mediaType: "image/svg+xml")
    public static let html = FileType(mediaType: "text/html")
    public static let xml = FileType(mediaType: "application/xml")
    public static let script = FileType(mediaType: "text/x-script")
    public static let executable = FileType(mediaType: "application/x-executable")
    public static let wasm = FileType(mediaType: "application/wasm")

    private static let active: Set<FileType> = [.svg, .html, .xml, .script, .executable, .wasm]
    private static let pictures: Set<FileType> = [.png, .jpeg, .gif, .webp]
    private static let shown: Set<FileType> = [
        .png, .jpeg, .gif, .webp, .avif, .bmp, .mp4, .webm, .m4a, .mp3, .ogg, .wave, .flac, .aac,
    ]

    /// Whether opening it may run something. Such a type is never taken because of a wildcard, and never shown in a page.
    public var isActive: Bool { Self.active.contains(self) }
    /// Whether its dimensions stand in its header, and a thumbnail can be made.
    public var isPicture: Bool { Self.pictures.contains(self) }
    /// Whether a browser may show it in the place of saving it: pictures, sound and films that cannot do anything.
    public var isInline: Bool { Self.shown.contains(self) }

    /// What a download says about it. A text is UTF-8: the sniffer has seen that.
    public var contentType: String { self == .text ? "text/plain; charset=utf-8" : self.mediaType }
}
