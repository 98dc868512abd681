// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The encoding of queries and forms (`application/x-www-form-urlencoded`).
enum EngineForm {
    /// Gives the decoded bytes one by one. `+` is a space; a `%` that two hexadecimal digits do not follow stays what
    /// it is.
    static func decode(_ text: some Collection<UInt8>, _ body: (UInt8) -> Void) {
        var rest = text[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): body(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let decoded = self.escapedByte(rest) else {
                    body(byte)
                    continue
                }
                body(decoded)
                rest = rest.dropFirst(2)
            default: body(byte)
            }
        }
    }

    private static func escapedByte(_ rest: some Collection<UInt8>) -> UInt8? {
        var digits = rest[...]
        guard let high = digits.popFirst().flatMap(self.value), let low = digits.popFirst().flatMap(self.value) else {
            return nil
        }
        return high << 4 | low
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
