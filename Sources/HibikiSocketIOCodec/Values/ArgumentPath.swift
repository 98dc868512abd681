// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore

/// Where in what a client sent a value stands, for example `arguments[0].user.age`.
public struct ArgumentPath: Hashable, Sendable {
    public enum Step: Hashable, Sendable {
        case name(String)
        case index(Int)
    }

    /// What the path begins with, for example `arguments[0]`, `auth` or `data`.
    public enum Root: Hashable, Sendable {
        case argument(Int)
        case named(String)
    }

    public var root: Root
    public var steps: [Step]

    public init(_ root: Root, _ steps: [Step] = []) {
        self.root = root
        self.steps = steps
    }

    /// An argument by its index, counted from 0 without the name of the event.
    public static func argument(_ index: Int) -> ArgumentPath {
        ArgumentPath(.argument(index))
    }

    /// What a client sent along with CONNECT.
    public static var auth: ArgumentPath { ArgumentPath(.named("auth")) }
}

extension ArgumentPath: CustomStringConvertible {
    /// Names that are no plain words are quoted, escaped and cut after 64 scalars: they may be a client's.
    public var description: String {
        var text =
            switch self.root {
            case .argument(let index): "arguments[\(index)]"
            case .named(let name): name
            }
        for step in self.steps {
            switch step {
            case .index(let index): text += "[\(index)]"
            case .name(let name): text += Self.isWord(name) ? ".\(name)" : "[\(Self.quoted(name))]"
            }
        }
        return text
    }

    private static func isWord(_ name: String) -> Bool {
        guard 1...64 ~= name.utf8.count else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }

    private static func quoted(_ name: String) -> String {
        var text = ByteBuffer()
        text.writeJSONString(String(String.UnicodeScalarView(name.unicodeScalars.prefix(64))))
        return String(buffer: text)
    }
}
