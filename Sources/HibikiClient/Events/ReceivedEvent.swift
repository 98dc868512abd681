// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWire

/// What a listener is told.
public enum ReceivedEvent: Equatable, Sendable {
    case event(EventFields)
    /// The log no longer reached back to where the listener was: events of these topics were missed. What happens next
    /// follows.
    case gap(topics: [String])
    /// Listening has begun, or begun again.
    ///
    /// - Parameter clientID: `nil` for polls, which have none.
    case connected(clientID: String?)
    /// The connection was lost, or could not be made, for this reason; it is tried again after this time.
    case reconnecting(after: Duration, HibikiClientError)
}
