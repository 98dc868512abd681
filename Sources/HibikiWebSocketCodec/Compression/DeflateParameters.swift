// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// One element of `Sec-WebSocket-Extensions` (RFC 6455 §9.1), read as permessage-deflate.
struct DeflateParameters: Equatable {
    var serverNoContextTakeover = false
    var clientNoContextTakeover = false
    var serverMaxWindowBits: UInt8?
    var clientMaxWindowBits: UInt8?
    /// `client_max_window_bits` without a value, which only an offer may have (RFC 7692 §7.1.2.2).
    var hasClientMaxWindowBits = false

    /// What one element of the header says.
    enum Element: Equatable {
        case deflate(DeflateParameters)
        /// permessage-deflate with parameters that RFC 7692 §7.1 does not allow.
        case invalid
        /// Another extension, or no extension at all.
        case other
    }

    static func read(_ element: ArraySlice<UInt8>) -> Element {
        var cursor = HeaderCursor(element)
        guard let name = cursor.token(), name.elementsEqual("permessage-deflate".utf8) else { return .other }
        var parameters = DeflateParameters()
        while cursor.takes(UInt8(ascii: ";")) {
            guard let name = cursor.token() else { return .invalid }
            var value: [UInt8]?
            if cursor.takes(UInt8(ascii: "=")) {
                guard let word = cursor.value() else { return .invalid }
                value = word
            }
            guard parameters.add(name, value) else { return .invalid }
        }
        return cursor.isAtEnd ? .deflate(parameters) : .invalid
    }

    /// `false` for an unknown parameter, a second one of its name, or a value that it may not have.
    private mutating func add(_ name: ArraySlice<UInt8>, _ value: [UInt8]?) -> Bool {
        if name.elementsEqual("server_no_context_takeover".utf8) {
            guard value == nil, !self.serverNoContextTakeover else { return false }
            self.serverNoContextTakeover = true
        } else if name.elementsEqual("client_no_context_takeover".utf8) {
            guard value == nil, !self.clientNoContextTakeover else { return false }
            self.clientNoContextTakeover = true
        } else if name.elementsEqual("server_max_window_bits".utf8) {
            guard self.serverMaxWindowBits == nil, let bits = Self.windowBits(value) else { return false }
            self.serverMaxWindowBits = bits
        } else if name.elementsEqual("client_max_window_bits".utf8) {
            guard !self.hasClientMaxWindowBits else { return false }
            self.hasClientMaxWindowBits = true
            guard value != nil else { return true }
            guard let bits = Self.windowBits(value) else { return false }
            self.clientMaxWindowBits = bits
        } else {
            return false
        }
        return true
    }

    /// 8 to 15 without leading zeros.
    private static func windowBits(_ value: [UInt8]?) -> UInt8? {
        guard let value else { return nil }
        let zero = UInt8(ascii: "0")
        switch (value.count, value.first, value.last) {
        case (1, let digit?, _) where digit == zero + 8 || digit == zero + 9: return digit - zero
        case (2, zero + 1, let digit?) where (zero...zero + 5).contains(digit): return 10 + digit - zero
        default: return nil
        }
    }
}
