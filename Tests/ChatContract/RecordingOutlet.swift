// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiChat
import NIOCore
import Synchronization

/// An outlet that keeps what it is given.
public final class RecordingOutlet: ChatOutlet {
    private let kept = Mutex<[ChatNews]>([])
    private let taken = Mutex<[ChatRedaction]>([])
    private let listeners = Mutex<Set<UserID>?>(nil)

    public init() {}

    public func publish(_ news: [ChatNews]) {
        self.kept.withLock { $0 += news }
    }

    /// From now on nobody else is there.
    public func listen(only people: Set<UserID>) { self.listeners.withLock { $0 = people } }

    public func listening(among people: [UserID]) -> Set<UserID> {
        self.listeners.withLock { $0.map { $0.intersection(people) } ?? Set(people) }
    }

    public func redact(_ redaction: ChatRedaction) {
        self.taken.withLock { $0.append(redaction) }
    }

    /// What it was to tell no more; complete once the service has stopped.
    public var redactions: [ChatRedaction] { self.taken.withLock { $0 } }

    public var news: [ChatNews] { self.kept.withLock { $0 } }

    /// The payloads of the events to an audience, by name and in their order.
    public func events(to audience: ChatAudience) -> [(name: String, payload: String)] {
        self.news.compactMap { news in
            guard case .event(audience, let name, let payload) = news else { return nil }
            return (name.rawValue, String(buffer: payload))
        }
    }

    public func names(to audience: ChatAudience) -> [String] {
        self.events(to: audience).map(\.name)
    }
}
