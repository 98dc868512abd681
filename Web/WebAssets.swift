// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import CWebFiles
import Crypto

/// The browser's files, which are part of the binary.
public enum WebAssets {
    public struct Asset: Sendable {
        public let bytes: [UInt8]
        public let contentType: String
        /// Changes when the file does (RFC 9110 §8.8.3).
        public let entityTag: String

        /// A file with these bytes, served at a path that says what it is.
        public init(bytes: [UInt8], path: String) {
            let digest = SHA256.hash(data: bytes).prefix(12).map { String(Int($0) + 256, radix: 16).dropFirst() }
                .joined()
            self.bytes = bytes
            self.contentType = WebAssets.contentType(of: path)
            self.entityTag = "\"\(digest)\""
        }
    }

    /// The file at a path such as `/client/index.js`.
    public static func asset(at path: String) -> Asset? {
        self.assets[path]
    }

    /// The paths of all files.
    public static var paths: [String] { self.files.map(\.path) }

    /// Each under the path that it is served at.
    private static let files: [(path: String, bytes: [UInt8])] = {
        var count = 0
        guard let first = web_files(&count) else { return [] }
        return (first..<first + count).map { file in
            let bytes = UnsafeBufferPointer(start: file.pointee.text, count: web_file_length(file))
            return (String(cString: file.pointee.path), Array(bytes))
        }
    }()

    private static let assets: [String: Asset] = Dictionary(
        WebAssets.files.map { file in (file.path, Asset(bytes: file.bytes, path: file.path)) },
        uniquingKeysWith: { first, _ in first }
    )

    private static func contentType(of path: String) -> String {
        switch path.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "json": "application/json"
        case "svg": "image/svg+xml"
        default: "text/plain; charset=utf-8"
        }
    }
}
