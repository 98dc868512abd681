// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// One way of writing publications and signals as bytes, ready for the socket.
///
/// A format is known by its identity: the hub asks it once for each publication, and hands the bytes to every member that
/// reads this format. The hub does not understand the bytes.
public final class WireFormat: Sendable {
    let writePublication: @Sendable (Publication, inout ByteBuffer) -> Void
    let writeSignal: @Sendable (Signal, inout ByteBuffer) -> Void

    /// - Parameters:
    ///   - publication: appends one publication, complete in itself, so that the bytes of two may follow each other.
    ///   - signal: the same for a signal; a format that has no word for a kind of signal appends nothing.
    public init(
        publication: @escaping @Sendable (Publication, inout ByteBuffer) -> Void,
        signal: @escaping @Sendable (Signal, inout ByteBuffer) -> Void
    ) {
        self.writePublication = publication
        self.writeSignal = signal
    }
}
