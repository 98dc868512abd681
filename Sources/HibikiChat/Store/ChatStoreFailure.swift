// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A failure of a ``ChatStore`` that says what became of the transaction. Any other error says nothing of it.
public protocol ChatStoreFailure: Error {
    var fate: ChatStoreFate { get }
}

/// What became of a transaction that failed.
public enum ChatStoreFate: Sendable {
    /// Nothing was stored, for something that was in it. Without that the rest may be.
    case refused
    /// Nothing was stored, as somebody was in the way of it, or it took too long. Other rooms may not have that trouble.
    case blocked
    /// Nothing was stored, and nothing else would be now.
    case unavailable
    /// It is stored as a whole or not at all, and nobody knows which.
    case unknown
}
