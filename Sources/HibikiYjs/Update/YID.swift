// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// One unit of content: who made it, and the how-many-th unit of that client's it is.
public struct YID: Hashable, Sendable, CustomStringConvertible {
    /// The client, 53 bits; Yjs 13 draws 32 of them.
    public let client: Int
    /// Counts the client's units from 0.
    public let clock: Int

    public init(client: Int, clock: Int) {
        self.client = client
        self.clock = clock
    }

    public var description: String { "\(self.client):\(self.clock)" }
}
