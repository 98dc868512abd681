// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Tells requests that a browser repeats from those that a client makes.
///
/// A browser sends a request again by itself when the connection breaks that it was sent on, and no client hears of that. What
/// the first response held would then be lost, and what the first POST held would be handled twice. But clients stamp each
/// request (`t=…`), so a repeated one has the stamp of the one before: it is answered with the same once more.
struct RepeatedRequests {
    private var pollStamp: String?
    private var postStamp: String?
    private var answered: [EngineSession.Outgoing]?

    enum Poll {
        case new
        /// The first is still waiting for its answer.
        case replacesWaiting
        case repeats([EngineSession.Outgoing])
    }

    /// - Parameter isWaiting: whether the poll before has no answer yet.
    mutating func poll(_ stamp: String?, isWaiting: Bool) -> Poll {
        guard let stamp, stamp == self.pollStamp else {
            self.pollStamp = stamp
            self.answered = nil
            return .new
        }
        if isWaiting { return .replacesWaiting }
        return self.answered.map { .repeats($0) } ?? .new
    }

    mutating func answeredPoll(with items: [EngineSession.Outgoing]) {
        self.answered = self.pollStamp == nil ? nil : items
    }

    /// Whether a POST has been handled before.
    func hasHandledPost(_ stamp: String?) -> Bool {
        stamp != nil && stamp == self.postStamp
    }

    mutating func handledPost(_ stamp: String?) {
        self.postStamp = stamp
    }
}
