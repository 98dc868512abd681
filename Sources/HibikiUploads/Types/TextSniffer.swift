// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Tells texts from other bytes, and texts that a browser runs from those that it shows.
enum TextSniffer {
    /// What a browser takes for a document where it may guess (WHATWG MIME Sniffing §7.1), in lower case.
    private static let documents = [
        "<!doctype html", "<html", "<head", "<script", "<iframe", "<h1", "<div", "<font", "<table", "<a ", "<a>",
        "<style", "<title",
        "<b>", "<body", "<br", "<p>", "<p ", "<img", "<meta", "<link", "<form", "<input", "<object", "<embed", "<base",
        "<video",
        "<audio", "<math", "<template",
    ].map { Array($0.utf8) }
    private static let svg = Array("<svg".utf8)
    private static let xml = Array("<?xml".utf8)

    /// `nil` for what is not UTF-8, or has bytes that no text has.
    static func type(of bytes: [UInt8]) -> FileType? {
        guard !bytes.isEmpty else { return .text }
        guard self.isText(bytes) else { return self.isWideText(bytes) ? .html : nil }
        let folded = bytes.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")) ~= $0 ? $0 | 0x20 : $0 }
        // Wherever it stands: a comment or a blank before it does not make it less of one. All of these words begin with the same character.
        let tags = folded.indices.filter { folded[$0] == UInt8(ascii: "<") }.map { folded[$0...] }
        if tags.contains(where: { $0.starts(with: self.svg) }) { return .svg }
        if tags.contains(where: { tag in self.documents.contains { tag.starts(with: $0) } }) { return .html }
        return tags.contains { $0.startIndex < 64 && $0.starts(with: self.xml) } ? .xml : .text
    }

    /// UTF-8, whose last character the end of the window may cut.
    private static func isText(_ bytes: [UInt8]) -> Bool {
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || [0x09, 0x0A, 0x0C, 0x0D, 0x1B].contains($0) }) else {
            return false
        }
        return (0...min(3, bytes.count)).contains { cut in
            guard cut == 0 || bytes.count == TypeSniffer.window else { return false }
            return String(validating: bytes.dropLast(cut), as: UTF8.self) != nil
        }
    }

    /// Text in UTF-16 may be a document as well, and is not looked into.
    static func isWideText(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    }
}
