// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiChat
public import HibikiMessaging
public import HibikiWire
import Synchronization

/// A chat on a store, with a clock that is told what time it is and randomness that is the same in every run.
public struct ChatHarness: Sendable {
    private final class Ticks: Sendable {
        let now = Mutex<Int64>(1_000)
        let random = Mutex<UInt64>(0)
    }

    public let store: any ChatStore
    public let outlet = RecordingOutlet()
    public let service: ChatService
    private let ticks: Ticks

    public init(_ store: any ChatStore, _ configure: (inout ChatService.Configuration) -> Void = { _ in }) {
        let ticks = Ticks()
        var configuration = ChatService.Configuration()
        configuration.random = {
            ticks.random.withLock { number in
                number += 1
                return number &* 0x9E37_79B9_7F4A_7C15
            }
        }
        configure(&configuration)
        self.ticks = ticks
        self.store = store
        self.service = ChatService(store: store, outlet: self.outlet, configuration: configuration)
    }

    /// Runs the service as long as the body does.
    @discardableResult
    public func run<Result: Sendable>(_ body: (ChatHarness) async throws -> Result) async throws -> Result {
        async let running: Void = self.service.run()
        do {
            let result = try await body(self)
            self.service.stop()
            await running
            return result
        } catch {
            self.service.stop()
            await running
            throw error
        }
    }

    /// The time of the next command; each takes a second.
    public var now: Timestamp { .ms(self.ticks.now.withLock { $0 }) }

    public func wait(_ milliseconds: Int64) {
        self.ticks.now.withLock { $0 += milliseconds }
    }

    private func tick() -> Timestamp {
        self.ticks.now.withLock { now in
            defer { now += 1_000 }
            return .ms(now)
        }
    }

    @discardableResult
    public func callAsFunction(_ person: ChatPerson, _ command: ChatCommand) async throws -> ChatResult {
        try await self.service.perform(command, by: person, at: self.tick())
    }

    /// Why a command is refused; `nil` if it is not.
    public func refusal(_ person: ChatPerson, _ command: ChatCommand) async throws -> WireErrorCode? {
        do {
            try await self(person, command)
            return nil
        } catch let error as WireError {
            return error.code
        }
    }
}

// MARK: What tests do most

extension ChatHarness {
    /// A group room called `room`, whose owner is the first one.
    public func room(_ people: ChatPerson..., kind: Room.Kind = .group) async throws {
        guard let owner = people.first else { return }
        let others = people.dropFirst().map(\.id)
        try await self(owner, .createRoom(CreateRoom(room: "room", kind: kind, members: Array(others))))
    }

    @discardableResult
    public func say(
        _ person: ChatPerson, _ content: String, in room: RoomID = "room",
        _ adjust: (inout SendMessage) -> Void = { _ in }
    ) async throws -> Message {
        var message = SendMessage(room: room, content: content)
        adjust(&message)
        guard case .sent(let sent, _) = try await self(person, .send(message)) else {
            throw WireError(.internalError, "a message was not answered as one")
        }
        return sent
    }

    public func history(
        _ person: ChatPerson, _ anchor: HistoryAnchor = .newest, before: Int? = nil, after: Int? = nil,
        thread: MessageID? = nil, in room: RoomID = "room"
    ) async throws -> HistoryPage {
        let request = HistoryRequest(room: room, anchor: anchor, before: before, after: after, thread: thread)
        guard case .history(let page) = try await self(person, .history(request)) else {
            throw WireError(.internalError, "a history was not answered as one")
        }
        return page
    }

    public func events(
        _ person: ChatPerson, since: Int64 = 0, limit: Int? = nil, in room: RoomID = "room"
    ) async throws -> EventPage {
        guard case .events(let page) = try await self(person, .events(room, since: since, limit: limit)) else {
            throw WireError(.internalError, "events were not answered as such")
        }
        return page
    }

    /// The only room in somebody's list, or the one of this name.
    public func summary(_ person: ChatPerson, of room: RoomID = "room") async throws -> RoomSummary? {
        guard case .rooms(let rooms, _) = try await self(person, .rooms(after: nil, limit: nil)) else { return nil }
        return rooms.first { $0.room.id == room }
    }

    public func found(_ person: ChatPerson, _ text: String) async throws -> [String] {
        guard case .found(let messages, _) = try await self(person, .search(SearchRequest(text: text))) else {
            return []
        }
        return messages.map(\.content)
    }
}

extension HistoryPage {
    public var contents: [String] { self.messages.map(\.content) }
    public var sequences: [Int64] { self.messages.map(\.sequence) }
}

extension EventPage {
    public var names: [String] { self.rows.map(\.event.name.rawValue) }
    public var revisions: [Int64] { self.rows.map(\.event.revision) }
}
