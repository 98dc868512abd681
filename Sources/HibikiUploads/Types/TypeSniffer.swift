// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Finds out what a file is by its first bytes. What its name or its sender says about it does not count.
///
/// The signatures are those of the formats' own documents. A file may fit two formats; the first row that fits decides, and downloads say what it is in a
/// way that browsers do not look for themselves.
public enum TypeSniffer {
    /// Bytes that are looked at, at most.
    public static let window = 4_096

    private struct Signature {
        let offset: Int
        let bytes: [UInt8]
        let type: FileType

        init(_ bytes: [UInt8], at offset: Int = 0, _ type: FileType) {
            self.offset = offset
            self.bytes = bytes
            self.type = type
        }

        init(_ text: String, at offset: Int = 0, _ type: FileType) {
            self.init(Array(text.utf8), at: offset, type)
        }
    }

    private static let signatures: [Signature] = [
        Signature([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], .png),
        Signature([0xFF, 0xD8, 0xFF], .jpeg),
        Signature("GIF87a", .gif), Signature("GIF89a", .gif),
        Signature([0x49, 0x49, 0x2A, 0x00], .tiff), Signature([0x4D, 0x4D, 0x00, 0x2A], .tiff),
        Signature([0x00, 0x00, 0x01, 0x00], .icon),
        Signature("%PDF-", .pdf), Signature("%!PS", .postScript), Signature("{\\rtf", .rtf),
        Signature("PK\u{3}\u{4}", .zip), Signature("PK\u{5}\u{6}", .zip),
        Signature([0x1F, 0x8B, 0x08], .gzip), Signature([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], .sevenZip),
        Signature([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], .xz), Signature([0x28, 0xB5, 0x2F, 0xFD], .zstandard),
        Signature("BZh", .bzip2), Signature("Rar!\u{1A}\u{7}", .rar),
        Signature("OggS\u{0}", .ogg), Signature("fLaC", .flac), Signature("MThd", .midi), Signature("ID3", .mp3),
        Signature([0x7F, 0x45, 0x4C, 0x46], .executable), Signature("MZ", .executable),
        Signature([0xCF, 0xFA, 0xED, 0xFE], .executable), Signature([0xCE, 0xFA, 0xED, 0xFE], .executable),
        Signature([0xCA, 0xFE, 0xBA, 0xBE], .executable), Signature([0x00, 0x61, 0x73, 0x6D], .wasm),
        Signature("#!", .script),
    ]

    /// - Parameter bytes: the first of the file, as many as ``window`` or all.
    public static func type(of bytes: some RandomAccessCollection<UInt8>) -> FileType {
        let bytes = Array(bytes.prefix(self.window))
        if let found = self.signatures.first(where: { self.has($0.bytes, at: $0.offset, in: bytes) }) {
            return found.type
        }
        // The mark of UTF-16 looks like the beginning of a sound frame.
        let sound = TextSniffer.isWideText(bytes) ? nil : self.soundFrame(bytes)
        return self.container(bytes) ?? sound ?? TextSniffer.type(of: bytes) ?? .unknown
    }

    private static func has(_ signature: [UInt8], at offset: Int, in bytes: [UInt8]) -> Bool {
        bytes.count >= offset + signature.count && bytes[offset...].starts(with: signature)
    }

    private static func has(_ text: String, at offset: Int, in bytes: [UInt8]) -> Bool {
        self.has(Array(text.utf8), at: offset, in: bytes)
    }

    /// Formats whose first bytes say only how the rest is packed.
    private static func container(_ bytes: [UInt8]) -> FileType? {
        if self.has("RIFF", at: 0, in: bytes) {
            if self.has("WEBPVP8", at: 8, in: bytes) { return .webp }
            if self.has("WAVE", at: 8, in: bytes) { return .wave }
            return self.has("AVI ", at: 8, in: bytes) ? .avi : nil
        }
        if self.has("ftyp", at: 4, in: bytes) { return self.baseMedia(bytes) }
        if self.has([0x1A, 0x45, 0xDF, 0xA3], at: 0, in: bytes) {
            let head = bytes.prefix(64)
            return head.indices.contains { head[$0...].starts(with: Array("webm".utf8)) } ? .webm : .matroska
        }
        // "BM" begins many a text, so the size of its header has to fit too.
        if self.has("BM", at: 0, in: bytes), bytes.count > 18, [12, 40, 52, 56, 64, 108, 124].contains(bytes[14]),
            bytes[15...17].allSatisfy({ $0 == 0 })
        {
            return .bmp
        }
        return nil
    }

    /// ISO/IEC 14496-12 §4.3: the brand says what it is.
    private static func baseMedia(_ bytes: [UInt8]) -> FileType? {
        guard bytes.count >= 12 else { return nil }
        switch String(decoding: bytes[8..<12], as: UTF8.self) {
        case "avif", "avis": return .avif
        case "heic", "heix", "hevc", "hevx", "mif1", "msf1": return .heic
        case "qt  ": return .quickTime
        case "M4A ", "M4B ": return .m4a
        default: return .mp4
        }
    }

    /// A frame of MPEG audio that has no tag before it (ISO/IEC 11172-3 §2.4.1.3), or of AAC (ISO/IEC 13818-7 §6.2).
    private static func soundFrame(_ bytes: [UInt8]) -> FileType? {
        guard bytes.count >= 4, bytes[0] == 0xFF else { return nil }
        if bytes[1] & 0xF6 == 0xF0 { return .aac }
        let hasLayer = bytes[1] & 0xE0 == 0xE0 && bytes[1] & 0x18 != 0x08 && bytes[1] & 0x06 != 0
        return hasLayer && bytes[2] & 0xF0 != 0xF0 && bytes[2] & 0x0C != 0x0C ? .mp3 : nil
    }
}
