// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What a struct holds: the low five bits of its first byte.
enum StructKind: UInt8 {
    /// Content collected together with its place.
    case collected = 0
    case deleted = 1
    case json = 2
    case binary = 3
    case string = 4
    case embed = 5
    case format = 6
    case type = 7
    case any = 8
    case document = 9
    /// A hole in a partial update; never in a document.
    case skip = 10

    /// Whether what it holds stands in a pool.
    var isPooled: Bool { self == .string || self == .any || self == .json }

    /// Whether units of it count for the length of the type that holds them.
    @inline(__always)
    var isCountable: Bool { self.rawValue >= 2 && self != .format && self != .skip }
}

/// The shared types, by their number on the wire.
public enum YTypeKind: UInt8, Hashable, Sendable {
    case array = 0
    case map = 1
    case text = 2
    case xmlElement = 3
    case xmlFragment = 4
    case xmlHook = 5
    case xmlText = 6

    var hasName: Bool { self == .xmlElement || self == .xmlHook }
    var isText: Bool { self == .text || self == .xmlText }
}

/// Content of structs that are neither text nor tombstones.
enum Content {
    /// JSON of old documents, or `any`.
    case values([YValue])
    case bytes([UInt8])
    case embed(YValue)
    case format(key: String, value: YValue)
    case type(kind: YTypeKind, name: String)
    case document(guid: String, options: YValue)
}
