// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire

/// One connection, or one series of polls, that gives the events of some topics. It ends by throwing; what it throws
/// says whether another one may go on.
protocol EventFeed: AnyObject {
    func next() async throws -> FeedItem
    /// How long the server asked to wait before coming back.
    var returnDelay: Duration { get }
}

enum FeedItem {
    case connected(clientID: String?, lastEventID: String?)
    /// - Parameter lastEventID: what holds for all topics together once this event was taken, if the transport says so.
    case event(EventFields, lastEventID: String?)
    case gap([String], lastEventID: String?)
    /// Nothing happened up to here.
    case position(lastEventID: String)
    /// Where one topic begins.
    case settled(topic: String, position: String, isGap: Bool)
}
