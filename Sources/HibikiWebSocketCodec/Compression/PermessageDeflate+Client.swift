// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension PermessageDeflate {
    /// A response of the server that the client's offer does not allow (RFC 7692 §5.1); the handshake has failed.
    public struct InvalidResponse: Error, Sendable, Equatable {
        public var reason: String
    }

    /// The value of `Sec-WebSocket-Extensions` in a client's request.
    public static func offer(_ configuration: Configuration) -> String {
        var header = "permessage-deflate; client_max_window_bits"
        if configuration.clientMaxWindowBits < 15 { header += "=\(max(configuration.clientMaxWindowBits, 8))" }
        if configuration.serverMaxWindowBits < 15 {
            header += "; server_max_window_bits=\(max(configuration.serverMaxWindowBits, 8))"
        }
        if !configuration.allowsContextTakeover {
            header += "; server_no_context_takeover; client_no_context_takeover"
        }
        return header
    }

    /// Reads the server's answer to ``offer(_:)``.
    ///
    /// - Parameter values: The values of `Sec-WebSocket-Extensions`, one for each header line.
    /// - Returns: `nil` if the server declined.
    public static func accept(
        _ values: [String], _ configuration: Configuration
    ) throws(InvalidResponse) -> Agreement? {
        var agreement: Agreement?
        for value in values {
            for element in HeaderList(value) {
                guard agreement == nil else { throw InvalidResponse(reason: "more than one extension") }
                switch DeflateParameters.read(element) {
                case .other: throw InvalidResponse(reason: "an extension that was not offered")
                case .invalid: throw InvalidResponse(reason: "invalid parameters of permessage-deflate")
                case .deflate(let parameters): agreement = try self.agreement(parameters, configuration)
                }
            }
        }
        return agreement
    }

    private static func agreement(
        _ response: DeflateParameters, _ configuration: Configuration
    ) throws(InvalidResponse) -> Agreement {
        let serverLimit = min(max(configuration.serverMaxWindowBits, 8), 15)
        let clientLimit = min(max(configuration.clientMaxWindowBits, 8), 15)
        guard serverLimit == 15 || Int(response.serverMaxWindowBits ?? 15) <= serverLimit else {
            throw InvalidResponse(reason: "server_max_window_bits above what was asked")
        }
        guard !response.hasClientMaxWindowBits || response.clientMaxWindowBits != nil else {
            throw InvalidResponse(reason: "client_max_window_bits without a value")
        }
        guard configuration.allowsContextTakeover || response.serverNoContextTakeover else {
            throw InvalidResponse(reason: "server_no_context_takeover was asked and not granted")
        }
        return Agreement(
            serverNoContextTakeover: response.serverNoContextTakeover,
            clientNoContextTakeover: response.clientNoContextTakeover || !configuration.allowsContextTakeover,
            serverMaxWindowBits: response.serverMaxWindowBits ?? 15,
            clientMaxWindowBits: min(response.clientMaxWindowBits ?? 15, UInt8(clamping: clientLimit))
        )
    }
}
