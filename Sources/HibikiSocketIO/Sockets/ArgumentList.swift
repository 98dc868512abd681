// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore

/// Arguments on their way out, written once for each encoding that somebody needs.
protocol WritableArguments {
    /// Whether they can be written as text without attachments, and writing them cannot fail.
    var isPlain: Bool { get }

    func write(to writer: inout some ArgumentWriter) throws
}

/// Values of the application.
struct ArgumentList<each Argument: Encodable & Sendable>: WritableArguments, Sendable {
    let values: (repeat each Argument)

    init(_ values: repeat each Argument) {
        self.values = (repeat each values)
    }

    var isPlain: Bool {
        for value in repeat each self.values {
            guard value is String || value is Int || value is Double || value is Bool else { return false }
        }
        return true
    }

    func write(to writer: inout some ArgumentWriter) throws {
        let encoder = ArgumentEncoder()
        for value in repeat each self.values {
            try encoder.append(value, to: &writer)
        }
    }
}

extension Arguments: WritableArguments {
    var isPlain: Bool {
        self.raw.allSatisfy { $0.encoding == .json && $0.attachments.isEmpty }
    }

    func write(to writer: inout some ArgumentWriter) throws {
        for argument in self.raw {
            try writer.append(argument)
        }
    }
}
