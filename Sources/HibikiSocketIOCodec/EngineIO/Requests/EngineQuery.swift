// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The query of a request, and what Engine.IO reads from it.
public struct EngineQuery: Sendable {
    /// All parameters in their order, decoded. One without `=` has an empty value.
    public let parameters: [(name: String, value: String)]

    /// - Parameter query: what stands between `?` and the end of the request target. `+` is a space, escapes that are
    ///   none stay as they are, and what does not decode to UTF-8 is repaired with U+FFFD.
    public init(_ query: Substring) {
        self.parameters = query.utf8.split(separator: UInt8(ascii: "&")).map { parameter in
            let end = parameter.firstIndex(of: UInt8(ascii: "=")) ?? parameter.endIndex
            return (Self.decode(parameter[..<end]), Self.decode(parameter[end...].dropFirst()))
        }
    }

    /// The first value of the parameters of that name, which are compared byte by byte.
    public subscript(name: String) -> String? {
        self.parameters.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// The `EIO` parameter as it is written.
    public var version: String? { self["EIO"] }

    /// The `transport` parameter as it is written.
    public var transport: String? { self["transport"] }

    /// The id of the session that the request belongs to; `nil` also if it is empty, as in the original.
    public var sid: String? {
        guard let sid = self["sid"], !sid.isEmpty else { return nil }
        return sid
    }

    /// The digits of the `j` parameter: the client polls by JSONP and wants its payloads for the callback of that
    /// number. Whatever else stands there is left out, for it would become part of a script.
    public var jsonp: String? {
        let digits = self["j"]?.utf8.filter { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } ?? []
        return digits.isEmpty ? nil : String(decoding: digits, as: UTF8.self)
    }

    /// Whether the client wants binary messages as base64 (`b64=1`).
    public var wantsBase64: Bool {
        switch self["b64"] {
        case "1", "true": true
        default: false
        }
    }

    private static func decode(_ text: Substring.UTF8View) -> String {
        guard text.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(Substring(text))
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        EngineForm.decode(text) { bytes.append($0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
