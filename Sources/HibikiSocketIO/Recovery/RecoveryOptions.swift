// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging

/// What a namespace keeps for sockets that have gone and may come back.
package struct RecoveryOptions: Sendable {
    /// How long a session is kept after its socket has gone. Default 2 minutes.
    package var window: Duration = .seconds(120)
    /// Sessions that are kept; the oldest is forgotten early when there are more. Default 100,000.
    package var sessions = 100_000
    /// The most events that are sent again. A session that has missed more is not recovered. Default 10,000.
    package var missedEvents = 10_000
    /// The most bytes that are sent again. Default 2 MiB: it has to fit into the send buffer of a session.
    package var missedBytes = 2 << 20
    /// The most events of the namespace that are looked through for one session. Default 100,000: some ten milliseconds.
    package var scannedEvents = 100_000
    /// Makes a packet end with an offset.
    package var splice: OffsetSplice = .json

    package init() {}

    /// What begins the name of every namespace's topic, for ``HibikiMessaging/LogRetention/set(_:forPrefix:)``.
    package static let topicPrefix = "$socket.io/"

    /// What the log of a namespace's topic keeps by default: 100,000 events, 64 MiB, 3 minutes.
    ///
    /// A namespace has the events of all its rooms in one log, so it needs more than another topic. A socket whose network
    /// is gone is noticed up to 45 seconds later, and what was sent to it meanwhile has to be there for the whole window
    /// too: hence one minute more than that.
    package static let retention = TopicRetention(publications: 100_000, bytes: 64 << 20, age: .seconds(180))
}
