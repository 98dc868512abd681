// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What one update may ask for. Length alone does not bound it: version 2 says "a million times the same" in a few bytes.
public struct YLimits: Hashable, Sendable {
    /// Structs in one update beyond one per byte of it. Default 1,048,576.
    public var structs = 1 << 20
    /// How deep arrays and objects may lie in one another in a value. Default 100.
    public var depth = 100
    /// Bytes of updates that a document keeps because something before them is missing. Default 64 MiB.
    ///
    /// An update that would pass it is refused with ``YError/limitExceeded``.
    public var pendingBytes = 64 << 20
    /// Ranges of deletions that a document keeps because what they delete is missing. Default 1,048,576.
    public var pendingDeletions = 1 << 20

    public init() {}

    public static let standard = YLimits()
}
