// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore

extension JSON {
    /// Reads an argument, with its attachments in their places. Objects of JSON text that say `"_placeholder":true`
    /// are placeholders only in a packet that has attachments; the original does the same.
    ///
    /// - Parameter path: how errors call the argument.
    public init(_ argument: RawArgument, at path: ArgumentPath = .argument(0)) throws(ArgumentError) {
        self = try argument.read(at: path, isShallow: false)
    }
}

extension RawArgument {
    /// Reads the argument without what is in it, if it is an object or an array.
    func readShallow(at path: ArgumentPath) throws(ArgumentError) -> JSON {
        try self.read(at: path, isShallow: true)
    }

    fileprivate func read(at path: ArgumentPath, isShallow: Bool) throws(ArgumentError) -> JSON {
        switch self.encoding {
        case .json: try self.readText(at: path, isShallow: isShallow)
        case .messagePack: try self.readMessagePack(at: path, isShallow: isShallow)
        }
    }

    private func readText(at path: ArgumentPath, isShallow: Bool) throws(ArgumentError) -> JSON {
        do throws(JSONTextReader.Failure) {
            return try self.bytes.withUnsafeReadableBytes { bytes throws(JSONTextReader.Failure) in
                var reader = JSONTextReader(bytes, attachments: self.attachments)
                return isShallow ? try reader.readShallow() : try reader.read()
            }
        } catch {
            switch error {
            case .syntax(let syntax): throw ArgumentError(path, "no JSON: \(syntax.message) at byte \(syntax.offset)")
            case .placeholder: throw ArgumentError(path, "a placeholder names no attachment")
            }
        }
    }

    private func readMessagePack(at path: ArgumentPath, isShallow: Bool) throws(ArgumentError) -> JSON {
        do throws(MessagePackViolation) {
            var reader = MessagePackReader(self.bytes)
            let value = isShallow ? try reader.readShallow() : try reader.readValue()
            try reader.finish()
            return value
        } catch {
            throw ArgumentError(path, "no MessagePack: \(error.message) at byte \(error.offset)")
        }
    }
}

/// A handler that takes a `RawArgument` gets the argument as it came. Elsewhere, in another type or with another
/// coder, it is the value that it holds.
extension RawArgument: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(try JSON(from: decoder))
    }

    public func encode(to encoder: any Encoder) throws {
        try JSON(self).encode(to: encoder)
    }

    init(_ value: JSON) {
        var text = ByteBuffer()
        var attachments: [ByteBuffer] = []
        value.write(to: &text, attachments: &attachments)
        self.init(.json, bytes: text, attachments: attachments)
    }
}
