// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The types of files that are taken.
public struct AllowedTypes: Sendable, Equatable {
    /// Pictures, sound, films, PDF, archives of zip (office documents are such) and text in UTF-8.
    public static let standard = AllowedTypes(
        patterns: ["image/*", "audio/*", "video/*", "application/pdf", "application/zip", "text/plain"])

    public let patterns: [String]

    private init(patterns: [String]) {
        self.patterns = patterns
    }

    /// - Parameter patterns: media types, `image/*` for all of a kind, or `*` for all. What can run something is taken only
    ///   where it is named itself: `image/*` does not take `image/svg+xml`.
    /// - Returns: `nil` if one of them is something else.
    public init?(_ patterns: [String]) {
        let patterns = patterns.map { $0.lowercased() }
        for pattern in patterns where pattern != "*" {
            let parts = pattern.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(Self.isTokenByte) }) else {
                return nil
            }
        }
        self.patterns = patterns
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        byte.isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")) ~= byte || "*+-.".utf8.contains(byte)
    }

    public func contains(_ type: FileType) -> Bool {
        self.patterns.contains { pattern in
            if pattern == type.mediaType { return true }
            guard !type.isActive else { return false }
            return pattern == "*" || pattern.hasSuffix("/*") && type.mediaType.hasPrefix(pattern.dropLast())
        }
    }
}
