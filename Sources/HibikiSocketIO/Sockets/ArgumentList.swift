// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiWire
import NIOCore

/// Arguments on their way out, written once for each encoding that somebody needs.
protocol WritableArguments {
    /// Their number and length, if they can be written as text whose length is known before; `nil` for all others.
    var plain: PlainArguments? { get }

    /// Writes arguments that are ``plain``.
    func writePlain(to writer: inout PlainArgumentWriter)

    func write(to writer: inout some ArgumentWriter) throws
}

/// Values of the application.
struct ArgumentList<each Argument: Encodable & Sendable>: WritableArguments, Sendable {
    let values: (repeat each Argument)

    init(_ values: repeat each Argument) {
        self.values = (repeat each values)
    }

    var plain: PlainArguments? {
        var plain = PlainArguments()
        for value in repeat each self.values {
            switch value {
            case let value as String: plain.add(length: value.jsonLength)
            case let value as Int: plain.add(length: value.jsonLength)
            case let value as Bool: plain.add(length: value ? 4 : 5)
            default: return nil
            }
        }
        return plain
    }

    func writePlain(to writer: inout PlainArgumentWriter) {
        for value in repeat each self.values {
            switch value {
            case let value as String: writer.append(string: value)
            case let value as Int: writer.append(integer: value)
            case let value as Bool: writer.append(bool: value)
            default: break
            }
        }
    }

    func write(to writer: inout some ArgumentWriter) throws {
        let encoder = ArgumentEncoder()
        for value in repeat each self.values {
            try encoder.append(value, to: &writer)
        }
    }
}

extension Arguments: WritableArguments {
    var plain: PlainArguments? {
        var plain = PlainArguments()
        for argument in self.raw {
            guard argument.encoding == .json, argument.attachments.isEmpty else { return nil }
            plain.add(length: argument.bytes.readableBytes)
        }
        return plain
    }

    func writePlain(to writer: inout PlainArgumentWriter) {
        for argument in self.raw {
            argument.bytes.withUnsafeReadableBytes { writer.append(json: $0) }
        }
    }

    func write(to writer: inout some ArgumentWriter) throws {
        for argument in self.raw {
            try writer.append(argument)
        }
    }
}
