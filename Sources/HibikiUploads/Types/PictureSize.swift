// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The dimensions that a picture's header claims, in pixels. Nothing is decoded to find them.
public struct PictureSize: Hashable, Sendable {
    public let width: Int
    public let height: Int

    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// Saturates.
    public var pixels: Int {
        let product = self.width.multipliedReportingOverflow(by: self.height)
        return product.overflow ? .max : product.partialValue
    }

    /// - Parameter bytes: the beginning of the file. The header of a JPEG may stand behind thousands of bytes of remarks.
    /// - Returns: `nil` if it is not among them, or the header is damaged.
    public init?(_ type: FileType, _ bytes: some RandomAccessCollection<UInt8>) {
        var reader = HeaderReader(bytes)
        let size: PictureSize? =
            switch type {
            case .png: Self.png(&reader)
            case .gif: Self.gif(&reader)
            case .webp: Self.webp(&reader)
            case .jpeg: Self.jpeg(&reader)
            default: nil
            }
        guard let size, size.width > 0, size.height > 0 else { return nil }
        self = size
    }

    /// PNG §11.2.1: IHDR is the first chunk.
    private static func png(_ reader: inout HeaderReader) -> PictureSize? {
        guard reader.skip(12), reader.text(4) == "IHDR", let width = reader.big(4), let height = reader.big(4) else {
            return nil
        }
        return PictureSize(width: width, height: height)
    }

    /// GIF89a §18: the logical screen. Frames beyond it are cut off by readers.
    private static func gif(_ reader: inout HeaderReader) -> PictureSize? {
        guard reader.skip(6), let width = reader.little(2), let height = reader.little(2) else { return nil }
        return PictureSize(width: width, height: height)
    }

    /// RFC 9649 §2.
    private static func webp(_ reader: inout HeaderReader) -> PictureSize? {
        guard reader.skip(12), let kind = reader.text(4), reader.skip(4) else { return nil }
        switch kind {
        case "VP8X":
            guard reader.skip(4), let width = reader.little(3), let height = reader.little(3) else { return nil }
            return PictureSize(width: width + 1, height: height + 1)
        case "VP8L":
            guard reader.little(1) == 0x2F, let bits = reader.little(4) else { return nil }
            return PictureSize(width: bits & 0x3FFF + 1, height: bits >> 14 & 0x3FFF + 1)
        case "VP8 ":
            guard reader.skip(6), let width = reader.little(2), let height = reader.little(2) else { return nil }
            return PictureSize(width: width & 0x3FFF, height: height & 0x3FFF)
        default:
            return nil
        }
    }

    /// ITU-T T.81 §B.2: segments, of which one that begins a frame has the dimensions.
    private static func jpeg(_ reader: inout HeaderReader) -> PictureSize? {
        guard reader.skip(2) else { return nil }
        while reader.big(1) == 0xFF {
            var marker = reader.big(1)
            while marker == 0xFF { marker = reader.big(1) }
            switch marker {
            case nil, 0xD9, 0xDA: return nil
            case 0x01, 0xD0, 0xD1, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7: continue
            case 0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF:
                guard reader.skip(3), let height = reader.big(2), let width = reader.big(2) else { return nil }
                return PictureSize(width: width, height: height)
            default:
                guard let length = reader.big(2), length >= 2, reader.skip(length - 2) else { return nil }
            }
        }
        return nil
    }
}

/// Reads numbers from the beginning of a file.
private struct HeaderReader {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: some Collection<UInt8>) {
        self.bytes = Array(bytes)
    }

    mutating func skip(_ count: Int) -> Bool {
        guard count <= self.bytes.count - self.offset else { return false }
        self.offset += count
        return true
    }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        let start = self.offset
        return self.skip(count) ? self.bytes[start..<self.offset] : nil
    }

    mutating func big(_ count: Int) -> Int? { self.take(count)?.reduce(0) { $0 << 8 | Int($1) } }
    mutating func little(_ count: Int) -> Int? { self.take(count)?.reversed().reduce(0) { $0 << 8 | Int($1) } }
    mutating func text(_ count: Int) -> String? { self.take(count).map { String(decoding: $0, as: UTF8.self) } }
}
