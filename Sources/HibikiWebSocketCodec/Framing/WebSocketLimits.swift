// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What a reader takes before it gives up on the peer.
public struct WebSocketLimits: Sendable, Equatable {
    /// Bytes of one message, over all its frames and after inflation; above it 1009. Checked against the announced
    /// length when a header comes, so that nothing is kept for a message that will be refused. More than 2 GiB are
    /// never taken.
    public var messageBytes: Int
    /// Frames of one message, empty ones too; above it 1008. Without it, empty fragments without end would be legal.
    public var fragments: Int

    public init(messageBytes: Int = 65_536, fragments: Int = 1_024) {
        self.messageBytes = messageBytes
        self.fragments = fragments
    }

    /// What a compressed message may take before inflation. Incompressible bytes grow by an eighth in the worst code
    /// that deflate has (nine bits for a byte), so a message within ``messageBytes`` always passes.
    var compressedBytes: Int {
        let (bytes, overflow) = self.messageBytes.addingReportingOverflow(self.messageBytes / 8 + 64)
        return overflow ? .max : bytes
    }
}
