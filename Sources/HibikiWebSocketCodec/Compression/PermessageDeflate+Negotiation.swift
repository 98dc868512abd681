// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension PermessageDeflate {
    /// What a server answers to the offers of a client.
    public struct Answer: Sendable, Equatable {
        public var agreement: Agreement
        /// The value of `Sec-WebSocket-Extensions` in the response.
        public var header: String
    }

    /// Takes the first offer that can be kept (RFC 7692 §5.1, §7.1). An offer that is malformed or asks for what is not
    /// known is declined, and so are other extensions; `nil` declines all, and the connection goes on uncompressed.
    ///
    /// - Parameter values: The values of `Sec-WebSocket-Extensions`, one for each header line.
    public static func negotiate(_ values: [String], _ configuration: Configuration) -> Answer? {
        var offers = 0
        for value in values {
            for element in HeaderList(value) {
                guard offers < configuration.maximumOffers else { return nil }
                offers += 1
                guard case .deflate(let offer) = DeflateParameters.read(element),
                    let answer = self.answer(offer, configuration)
                else { continue }
                return answer
            }
        }
        return nil
    }

    private static func answer(_ offer: DeflateParameters, _ configuration: Configuration) -> Answer? {
        let ownBits = UInt8(clamping: min(max(configuration.serverMaxWindowBits, 9), 15))
        let serverBits = min(offer.serverMaxWindowBits ?? 15, ownBits)
        guard Int(offer.serverMaxWindowBits ?? 15) >= configuration.minimumWindowBits else { return nil }
        let wantedClientBits = UInt8(clamping: min(max(configuration.clientMaxWindowBits, 8), 15))
        let clientBits = offer.hasClientMaxWindowBits ? min(offer.clientMaxWindowBits ?? 15, wantedClientBits) : 15
        let agreement = Agreement(
            serverNoContextTakeover: offer.serverNoContextTakeover || !configuration.allowsContextTakeover,
            clientNoContextTakeover: offer.clientNoContextTakeover || !configuration.allowsContextTakeover,
            serverMaxWindowBits: serverBits,
            clientMaxWindowBits: clientBits
        )
        return Answer(agreement: agreement, header: self.header(agreement, of: offer))
    }

    /// `client_max_window_bits` is answered only to a client that offered it (RFC 7692 §7.1.2.2), the others whenever
    /// they say something.
    private static func header(_ agreement: Agreement, of offer: DeflateParameters) -> String {
        var header = "permessage-deflate"
        if agreement.serverNoContextTakeover { header += "; server_no_context_takeover" }
        if agreement.clientNoContextTakeover { header += "; client_no_context_takeover" }
        if offer.serverMaxWindowBits != nil || agreement.serverMaxWindowBits < 15 {
            header += "; server_max_window_bits=\(agreement.serverMaxWindowBits)"
        }
        if offer.clientMaxWindowBits != nil || agreement.clientMaxWindowBits < 15 {
            header += "; client_max_window_bits=\(agreement.clientMaxWindowBits)"
        }
        return header
    }
}
