// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The permessage-deflate extension (RFC 7692).
public enum PermessageDeflate {
    /// What this end wants and allows.
    public struct Configuration: Sendable, Equatable {
        /// Messages of fewer bytes are sent as they are.
        public var threshold: Int
        /// zlib's effort, 1 to 9.
        public var level: Int
        /// zlib's memory for compressing, 1 to 9.
        public var memoryLevel: Int
        /// Whether compressors may live as long as their connection. It halves the size of small messages and costs
        /// up to 200 KB a connection; without it all connections of a loop share a few.
        public var allowsContextTakeover: Bool
        /// The largest window that the server compresses with, 9 to 15 (a power of two).
        public var serverMaxWindowBits: Int
        /// The largest window that a client may compress with, if the client lets itself be told, 8 to 15.
        public var clientMaxWindowBits: Int
        /// An offer that asks the server for a smaller window than this is declined, 8 to 15.
        public var minimumWindowBits: Int
        /// Offers that are looked at; the rest is passed over.
        public var maximumOffers: Int

        public init(
            threshold: Int = 1_024, level: Int = 3, memoryLevel: Int = 7, allowsContextTakeover: Bool = false,
            serverMaxWindowBits: Int = 15, clientMaxWindowBits: Int = 15, minimumWindowBits: Int = 8,
            maximumOffers: Int = 16
        ) {
            self.threshold = threshold
            self.level = level
            self.memoryLevel = memoryLevel
            self.allowsContextTakeover = allowsContextTakeover
            self.serverMaxWindowBits = serverMaxWindowBits
            self.clientMaxWindowBits = clientMaxWindowBits
            self.minimumWindowBits = minimumWindowBits
            self.maximumOffers = maximumOffers
        }
    }

    /// What both ends agreed on (RFC 7692 §7.1), the same seen from either.
    public struct Agreement: Sendable, Equatable {
        public var serverNoContextTakeover: Bool
        public var clientNoContextTakeover: Bool
        /// 8 to 15.
        public var serverMaxWindowBits: UInt8
        /// 8 to 15.
        public var clientMaxWindowBits: UInt8

        public init(
            serverNoContextTakeover: Bool = false, clientNoContextTakeover: Bool = false,
            serverMaxWindowBits: UInt8 = 15, clientMaxWindowBits: UInt8 = 15
        ) {
            self.serverNoContextTakeover = serverNoContextTakeover
            self.clientNoContextTakeover = clientNoContextTakeover
            self.serverMaxWindowBits = serverMaxWindowBits
            self.clientMaxWindowBits = clientMaxWindowBits
        }

        /// Whether `sender` may refer to earlier messages.
        public func keepsContext(of sender: WebSocketRole) -> Bool {
            switch sender {
            case .server: !self.serverNoContextTakeover
            case .client: !self.clientNoContextTakeover
            }
        }

        /// The window that `sender` compresses with at most.
        public func windowBits(of sender: WebSocketRole) -> Int {
            switch sender {
            case .server: Int(self.serverMaxWindowBits)
            case .client: Int(self.clientMaxWindowBits)
            }
        }
    }
}
