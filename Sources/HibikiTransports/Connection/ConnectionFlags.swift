// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What a ``Connection`` is in the middle of.
struct ConnectionFlags: OptionSet {
    let rawValue: UInt16

    /// Bytes were written that have not been flushed.
    static let dirty = ConnectionFlags(rawValue: 1)
    /// The socket did not take all that it was given, so what waits must not hold on to the loop's large buffer.
    static let congested = ConnectionFlags(rawValue: 2)
    static let closing = ConnectionFlags(rawValue: 4)
    /// Reading was stopped, because answers pile up or requests do.
    static let paused = ConnectionFlags(rawValue: 8)
    /// A read is being handled; its answers are flushed together at its end.
    static let hasTurn = ConnectionFlags(rawValue: 16)
    /// The outbound queue has reached its bound.
    static let full = ConnectionFlags(rawValue: 32)
    /// The peer sends nothing more, but may still read.
    static let inputEnded = ConnectionFlags(rawValue: 64)
    /// The server stops, and the peer has been told or is with its next answer.
    static let leaving = ConnectionFlags(rawValue: 128)
    /// What the socket carries is encrypted.
    static let secure = ConnectionFlags(rawValue: 256)
    /// It is one of those that ``Admission`` counts.
    static let counted = ConnectionFlags(rawValue: 512)
    /// The channel was given bytes, and may still have some.
    static let queued = ConnectionFlags(rawValue: 1_024)
}
