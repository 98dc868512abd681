// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire

/// Who is typing where. Nobody keeps it: it is over when that one says so, or says nothing for a while.
///
/// A page says `typing` with every key. Others are told when it begins, and again in intervals, for those who have come since; the
/// rest only says that it goes on.
///
/// It has no clock: time comes in, and ``step(at:)`` is to be called about once a second.
public struct TypingTable: Sendable {
    public struct Configuration: Hashable, Sendable {
        /// After how long without a word somebody types no more. Default 6 s.
        public var timeToLive: Duration = .seconds(6)
        /// How often others are told that it goes on. Default every 3 s.
        public var interval: Duration = .seconds(3)
        /// Of how many it is known at a time, on this node; beyond, nobody is told of others. Default 100,000.
        public var most = 100_000

        public init() {}
    }

    /// Somebody who types somewhere.
    public struct Typist: Hashable, Sendable {
        public var person: String
        public var room: String

        public init(_ person: String, in room: String) {
            self.person = person
            self.room = room
        }

        /// By their bytes, as everywhere.
        public static func == (one: Typist, other: Typist) -> Bool {
            one.person.isExactly(other.person) && one.room.isExactly(other.room)
        }

        public func hash(into hasher: inout Hasher) {
            hasher.combine(ExactString(self.person))
            hasher.combine(ExactString(self.room))
        }
    }

    private struct Typing {
        var heard: Timestamp
        var told: Timestamp
    }

    public let configuration: Configuration
    private var typing: [Typist: Typing] = [:]

    public init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
    }

    public var count: Int { self.typing.count }

    /// Somebody types.
    ///
    /// - Returns: whether others are to be told.
    public mutating func started(_ typist: Typist, at now: Timestamp) -> Bool {
        guard let known = self.typing[typist] else {
            guard self.typing.count < self.configuration.most else { return false }
            self.typing[typist] = Typing(heard: now, told: now)
            return true
        }
        let isDue = now.since(known.told) >= self.configuration.interval
        self.typing[typist] = Typing(heard: now, told: isDue ? now : known.told)
        return isDue
    }

    /// Somebody types no more: that one has said so, has sent what was typed, or has left.
    ///
    /// - Returns: whether others are to be told, who are if they were told that it began.
    public mutating func stopped(_ typist: Typist) -> Bool {
        self.typing.removeValue(forKey: typist) != nil
    }

    /// Those who have not been heard of for too long, in the order of their rooms. Others are to be told that they have stopped.
    public mutating func step(at now: Timestamp) -> [Typist] {
        guard !self.typing.isEmpty else { return [] }
        let over = self.typing.filter { now.since($0.value.heard) >= self.configuration.timeToLive }.keys
        for typist in over { self.typing[typist] = nil }
        return over.sorted { ($0.room, $0.person) < ($1.room, $1.person) }
    }
}
