// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What one update may ask for. Length alone does not bound it: version 2 says "a million times the same" in a few bytes.
///
/// An update that would pass one of them is refused with ``YError/limitExceeded`` and changes nothing.
public struct YLimits: Hashable, Sendable {
    /// Structs in one update beyond eight per byte of it. Default 1024.
    ///
    /// Version 1 takes two bytes and more for each. What a document writes in version 2 may hold more of them than this
    /// if they are all alike, such as thousands of empty arrays; who reads back only what it wrote itself may raise it.
    public var structs = 1 << 10
    /// How deep arrays and objects may lie in one another in a value. Default 100.
    public var depth = 100
    /// How far a client's clock may go. Default and most 2^52, beyond which version 2 cannot write it.
    ///
    /// A few bytes move a clock as far as they like: "so many units of mine are deleted". Who works under that id then
    /// finds it used up. A clock that counts what people type stays far below 2^32.
    public var clock = 1 << 52
    /// Clients that a document knows. Default 1,048,576.
    public var clients = 1 << 20
    /// Steps to find the places of an update's structs among what others put there at the same time. Default 16,777,216.
    ///
    /// Thousands who insert at one place at once need a few million. It is counted where the structs of an update and of
    /// the document are so many that they could need more; a document that grew by small updates may need more to be
    /// read back in one.
    public var conflictSteps = 1 << 24
    /// Bytes that a document keeps because something before them is missing, roughly as they lie in memory. Default
    /// 16 MiB.
    public var pendingBytes = 16 << 20
    /// Ranges of deletions that a document keeps because what they delete is missing. Default 262,144.
    public var pendingDeletions = 1 << 18

    public init() {}

    public static let standard = YLimits()

    /// For what a document has written, or taken in under other limits before: read back in one, it may need more than they allow.
    public static let trusted: YLimits = {
        var limits = YLimits()
        limits.structs = 1 << 50
        limits.depth = .max
        limits.clients = .max
        limits.conflictSteps = .max
        limits.pendingBytes = .max
        limits.pendingDeletions = .max
        return limits
    }()
}
