// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// One hop, as a proxy describes it.
struct ForwardedElement: Equatable {
    /// `nil` if the proxy does not tell, or not in a way that can be read.
    var address: NetworkAddress?
    var scheme: RequestScheme?
}

/// Reads a list of hops from its end, where the nearest proxy has written: whatever a client has put before it, the end can be read.
struct ForwardedList {
    private let field: ProxyConfiguration.Field
    private var lines: [ArraySlice<UInt8>]

    init(_ field: ProxyConfiguration.Field, _ lines: [String]) {
        self.field = field
        self.lines = lines.map { Array($0.utf8)[...] }
    }

    /// Takes the last element of the list; `nil` when there is none left.
    mutating func popLast() -> ForwardedElement? {
        guard let line = self.lines.popLast() else { return nil }
        let cut = Self.lastIndex(of: UInt8(ascii: ","), in: line)
        if let cut { self.lines.append(line[..<cut]) }
        let element = cut.map { line[($0 + 1)...] } ?? line
        switch self.field {
        case .xForwardedFor: return ForwardedElement(address: Self.address(element.trimmingSpaces()))
        case .forwarded: return Self.pairs(element)
        }
    }

    /// The last of a separator that does not stand in a quoted string (RFC 9110 §5.6.4).
    private static func lastIndex(of separator: UInt8, in line: ArraySlice<UInt8>) -> Int? {
        var isQuoted = false
        for index in line.indices.reversed() {
            if line[index] == UInt8(ascii: "\"") {
                let isEscaped = isQuoted && index > line.startIndex && line[index - 1] == UInt8(ascii: "\\")
                if !isEscaped { isQuoted.toggle() }
            } else if line[index] == separator, !isQuoted {
                return index
            }
        }
        return nil
    }

    /// `for=192.0.2.43;proto=https` (RFC 7239 §4).
    private static func pairs(_ element: ArraySlice<UInt8>) -> ForwardedElement {
        var found = ForwardedElement()
        var rest: ArraySlice<UInt8>? = element
        while let text = rest {
            let cut = self.lastIndex(of: UInt8(ascii: ";"), in: text)
            rest = cut.map { text[..<$0] }
            let pair = cut.map { text[($0 + 1)...] } ?? text
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = String(decoding: pair[..<equals].trimmingSpaces(), as: UTF8.self).lowercased()
            let value = self.unquoted(pair[(equals + 1)...].trimmingSpaces())
            switch name {
            case "for": found.address = self.address(value)
            case "proto": found.scheme = RequestScheme(String(decoding: value, as: UTF8.self))
            default: break
            }
        }
        return found
    }

    private static func unquoted(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard value.count >= 2, value.first == UInt8(ascii: "\""), value.last == UInt8(ascii: "\"") else {
            return value
        }
        return value.dropFirst().dropLast()
    }

    /// An address with or without a port, one of IPv6 with or without brackets (RFC 7239 §6).
    private static func address(_ node: ArraySlice<UInt8>) -> NetworkAddress? {
        if node.first == UInt8(ascii: "[") {
            guard let end = node.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let after = node[(end + 1)...]
            guard after.isEmpty || after.first == UInt8(ascii: ":") else { return nil }
            return NetworkAddress(String(decoding: node[(node.startIndex + 1)..<end], as: UTF8.self))
        }
        let colons = node.count { $0 == UInt8(ascii: ":") }
        let host = colons == 1 ? node.prefix { $0 != UInt8(ascii: ":") } : node
        return NetworkAddress(String(decoding: host, as: UTF8.self))
    }
}
