// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What JSON from the network may ask for. It is checked before anything of that size is made.
public struct OTLimits: Hashable, Sendable {
    /// Bytes of JSON. Default 1 MiB.
    public var bytes = 1 << 20
    /// How deep arrays and objects may lie in one another. Default 32.
    public var depth = 32
    /// Values in the JSON, keys not counted. Default 100,000.
    public var values = 100_000
    /// Components of one operation, or runs of a rich-text document. Default 10,000.
    public var components = 10_000
    /// Attributes of one component. Default 64.
    public var attributes = 64
    /// About how many bytes the attributes of one component may take in memory. Default 16 KiB.
    ///
    /// One component formats many runs, and each of them is then written with its attributes.
    public var attributeWeight = 16 << 10

    public init() {}

    /// For operations.
    public static let standard = OTLimits()

    /// For whole documents, which come from a store or from the server: 64 MiB, 4,000,000 values, 1,000,000 runs.
    public static let document = {
        var limits = OTLimits()
        limits.bytes = 64 << 20
        limits.values = 4_000_000
        limits.components = 1_000_000
        return limits
    }()
}

/// Lengths in UTF-16 units, added with care.
enum Length {
    /// What every reader of JSON holds exactly (2^53 − 1), and small enough that the sum of two never overflows.
    static let most = min(Int(clamping: (Int64(1) << 53) - 1), Int.max / 4)

    static func sum(_ length: Int, _ more: Int) throws(OTError) -> Int {
        let (sum, overflows) = length.addingReportingOverflow(more)
        guard !overflows, sum <= Self.most else { throw .limitExceeded("a length", Self.most) }
        return sum
    }

    static func check(_ length: Int) throws(OTError) {
        guard length >= 0 else { throw .invalidOperation("a length of \(length) is below zero") }
        guard length <= Self.most else { throw .limitExceeded("a length", Self.most) }
    }
}
