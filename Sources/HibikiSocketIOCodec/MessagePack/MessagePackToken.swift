// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// What stands next in a MessagePack text: a value, or the beginning of an array or a map.
public enum MessagePackToken: Hashable, Sendable {
    case null
    /// JavaScript's `undefined`: the extension `d4 00 00`.
    case undefined
    case bool(Bool)
    case integer(Int64)
    /// A floating-point number, or an integer above `Int64.max`.
    case number(Double)
    /// Well-formed UTF-8.
    case string(ByteBuffer)
    case binary(ByteBuffer)
    /// A moment, as the text that JavaScript makes of it.
    case date(String)
    /// So many values follow.
    case array(Int)
    /// So many pairs of a key and a value follow.
    case map(Int)
}
