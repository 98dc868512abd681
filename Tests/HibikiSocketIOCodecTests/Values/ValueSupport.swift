// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiTestSupport
import NIOCore
import Testing

extension RawArgument {
    /// A text whose buffer does not begin at index 0.
    static func json(_ text: String, _ attachments: [[UInt8]] = []) -> RawArgument {
        var bytes = ByteBuffer(string: "junk" + text)
        bytes.moveReaderIndex(forwardBy: 4)
        return RawArgument(.json, bytes: bytes, attachments: attachments.map { ByteBuffer(bytes: $0) })
    }

    static func messagePack(_ value: JSON) -> RawArgument {
        var bytes = ByteBuffer()
        value.writeMessagePack(to: &bytes)
        return RawArgument(.messagePack, bytes: bytes)
    }
}

extension JSON {
    static func bytes(_ bytes: UInt8...) -> JSON { .binary(ByteBuffer(bytes: bytes)) }

    /// As JSON text with its attachments.
    var asTextArgument: RawArgument {
        var text = ByteBuffer()
        var attachments: [ByteBuffer] = []
        self.write(to: &text, attachments: &attachments)
        return RawArgument(.json, bytes: text, attachments: attachments)
    }

    static func random(depth: Int = 0, _ generator: inout SeededGenerator) -> JSON {
        switch Int.random(in: 0..<(depth < 5 ? 9 : 7), using: &generator) {
        case 0: .null
        case 1: .bool(.random(using: &generator))
        case 2: .integer(Int64(truncatingIfNeeded: generator.next()) >> Int64.random(in: 0..<64, using: &generator))
        case 3: .number(Double.random(in: -1e6...1e6, using: &generator))
        case 4: .number(Double(sign: .plus, exponent: .random(in: 64...1000, using: &generator), significand: 1.1))
        case 5: .string(generator.text("abc \"\\\n\u{0}é響😀_", upTo: 40))
        case 6: .binary(ByteBuffer(bytes: generator.bytes(.random(in: 0..<20, using: &generator))))
        case 7:
            .array((0..<Int.random(in: 0..<4, using: &generator)).map { _ in .random(depth: depth + 1, &generator) })
        default:
            .object(
                JSONObject(
                    (0..<Int.random(in: 0..<(depth == 0 ? 20 : 5), using: &generator)).map { _ in
                        (generator.text("abcé", upTo: 4), .random(depth: depth + 1, &generator))
                    }))
        }
    }
}

/// What an operation throws as text, or `nil`.
func complaint<Result>(_ operation: () throws -> Result) -> String? {
    do {
        _ = try operation()
        return nil
    } catch {
        return "\(error)"
    }
}
