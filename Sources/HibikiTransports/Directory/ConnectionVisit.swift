// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// Goes through the connections that an event loop has at one moment, some in each turn, so that nobody who listens there has to
/// wait for it. Bound to its event loop.
final class ConnectionVisit {
    private static let portion = 250

    private var rest: ArraySlice<Connection>

    init(_ loop: TransportLoop) {
        self.rest = loop.connections[...]
    }

    /// What the next of them answer; `nil` if all have been asked.
    func next<Answer>(_ ask: (Connection) -> Answer?) -> [Answer]? {
        guard !self.rest.isEmpty else { return nil }
        let portion = self.rest.prefix(Self.portion)
        self.rest = self.rest.dropFirst(Self.portion)
        return portion.compactMap { $0.isClosing ? nil : ask($0) }
    }

    /// Those that have ended meanwhile are let go here, where they lived.
    func end() {
        self.rest = []
    }
}

@available(*, unavailable)
extension ConnectionVisit: Sendable {}

extension NIOLoopBound where Value == TransportLoop {
    /// Asks every connection that is there now. A loop that has stopped has none.
    ///
    /// - Parameters:
    ///   - ask: called on the event loop.
    ///   - take: gets the answers of some connections at a time; says whether to go on.
    func visit<Answer: Sendable>(
        _ ask: @escaping @Sendable (Connection) -> Answer?, take: ([Answer]) -> Bool
    ) async {
        let eventLoop = self.eventLoop
        let begun = eventLoop.submit {
            NIOLoopBound<ConnectionVisit>(ConnectionVisit(self.value), eventLoop: eventLoop)
        }
        guard let visit = try? await begun.get() else { return }
        while let answers = try? await eventLoop.submit({ visit.value.next(ask) }).get() {
            guard take(answers) else { break }
        }
        eventLoop.execute { visit.value.end() }
    }
}
