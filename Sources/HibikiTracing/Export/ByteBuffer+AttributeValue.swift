// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore
import Tracing

extension ByteBuffer {
    /// Writes an `AnyValue`. Whole numbers of 64 bits are texts there, because JSON's numbers do not hold them everywhere.
    mutating func write(_ value: SpanAttribute) {
        switch value {
        case .int32(let number): self.writeWhole(Int64(number))
        case .int64(let number): self.writeWhole(number)
        case .int32Array(let numbers): self.writeArray(numbers) { $0.writeWhole(Int64($1)) }
        case .int64Array(let numbers): self.writeArray(numbers) { $0.writeWhole($1) }
        case .double(let number): self.writeDouble(number)
        case .doubleArray(let numbers): self.writeArray(numbers) { $0.writeDouble($1) }
        case .bool(let flag): self.writeFlag(flag)
        case .boolArray(let flags): self.writeArray(flags) { $0.writeFlag($1) }
        case .string(let text): self.writeText(text)
        case .stringArray(let texts): self.writeArray(texts) { $0.writeText($1) }
        case .stringConvertible(let text): self.writeText("\(text)")
        case .stringConvertibleArray(let texts): self.writeArray(texts) { $0.writeText("\($1)") }
        default: self.writeText("")
        }
    }

    private static let mostElements = 64

    private mutating func writeArray<Element>(_ elements: [Element], _ write: (inout ByteBuffer, Element) -> Void) {
        self.writeString(#"{"arrayValue":{"values":["#)
        for (index, element) in elements.prefix(Self.mostElements).enumerated() {
            if index > 0 { self.writeString(",") }
            write(&self, element)
        }
        self.writeString("]}}")
    }

    private mutating func writeWhole(_ number: Int64) {
        self.writeString(#"{"intValue":"\#(number)"}"#)
    }

    /// What JSON has no number for is a text in the JSON form of protobuf.
    private mutating func writeDouble(_ number: Double) {
        let text =
            number.isFinite ? "\(number)" : number.isNaN ? #""NaN""# : number > 0 ? #""Infinity""# : #""-Infinity""#
        self.writeString(#"{"doubleValue":\#(text)}"#)
    }

    private mutating func writeFlag(_ flag: Bool) {
        self.writeString(#"{"boolValue":\#(flag)}"#)
    }

    private mutating func writeText(_ text: String) {
        self.writeString(#"{"stringValue":"#)
        self.writeJSONString(text.cut)
        self.writeString("}")
    }
}

extension String {
    private static let mostBytes = 1_024

    /// Not more of it than a collector should be bothered with.
    var cut: String {
        guard self.utf8.count > Self.mostBytes else { return self }
        var end = self.utf8.index(self.utf8.startIndex, offsetBy: Self.mostBytes)
        while end > self.startIndex, end.samePosition(in: self.unicodeScalars) == nil {
            end = self.utf8.index(before: end)
        }
        return String(self.unicodeScalars[..<end])
    }
}
