// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIO
import HibikiSocketIOCodec
import NIOCore
import NIOPosix
import Synchronization

/// The rooms of a namespace on a hub whose event loops have threads of their own.
struct RoomsHarness: Sendable {
    let hub: Hub
    let rooms: NamespaceRooms
    let clock: ManualClock

    static func with<Result>(
        loops count: Int = 2, recovery: RecoveryOptions? = nil, retention: TopicRetention? = nil,
        bridge: (@Sendable (String) -> Topic?)? = nil, onRoomEvent: (@Sendable (RoomEvent) -> Void)? = nil,
        _ body: (RoomsHarness) async throws -> Result
    ) async throws -> Result {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: count)
        let clock = ManualClock()
        var bounds = LogRetention()
        bounds.set(retention ?? RecoveryOptions.retention, forPrefix: RecoveryOptions.topicPrefix)
        bounds.publications = 100_000
        let log = MemoryEventLog(epoch: Epoch(7), retention: bounds)
        let eventLoops = Array(group.makeIterator())
        let hub = Hub(broker: LocalBroker(log: log), permissions: .development, eventLoops: eventLoops)
        try await hub.start()
        for eventLoop in eventLoops {
            _ = try await eventLoop.submit { hub.makeLoopHub(on: eventLoop) == nil }.get()
        }
        let configuration = NamespaceRooms.Configuration(
            recovery: recovery, bridge: bridge, onRoomEvent: onRoomEvent,
            encodeEvent: { .text("2[\"\($0)\",\(String(buffer: $1))]") }, now: { clock.now })
        let rooms = try NamespaceRooms(namespace: "/chat", hub: hub, configuration: configuration)
        rooms.start()
        let harness = RoomsHarness(hub: hub, rooms: rooms, clock: clock)
        let result = try await body(harness)
        rooms.stop()
        try await harness.settle()
        try await group.shutdownGracefully()
        return result
    }

    var loops: Range<Int> { 0..<self.hub.loopCount }

    func on<Result: Sendable>(
        _ number: Int, _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        guard let eventLoop = self.hub.eventLoop(number) else { throw NoSuchLoop() }
        return try await eventLoop.submit(body).get()
    }

    /// Returns when every loop has handed on what was sent before this was called, and what that has set off in turn.
    func settle() async throws {
        for _ in 0..<4 {
            for number in self.loops {
                await withCheckedContinuation { continuation in
                    self.hub.post(to: number) { $0.needsFlush(Waiter { continuation.resume() }) }
                }
            }
        }
    }

    func member(_ id: String, loop: Int = 0, rooms: [String] = []) -> (member: RecordingMember, seat: RoomSeat) {
        let member = RecordingMember(id)
        return (member, self.rooms.add(member, loop: loop, rooms: rooms))
    }

    func emit(_ text: String, to rooms: String..., except: [String] = []) {
        self.rooms.broadcast(.text(text), to: Audience(rooms: rooms, except: except))
    }
}

struct NoSuchLoop: Error {}

private final class Waiter: Flushable {
    private let body: () -> Void

    init(_ body: @escaping () -> Void) {
        self.body = body
    }

    func flush() {
        self.body()
    }
}

/// A clock that stands still until a test moves it.
final class ManualClock: Sendable {
    private let milliseconds = Mutex<Int64>(1_000_000)

    var now: Timestamp { Timestamp(milliseconds: self.milliseconds.withLock { $0 }) }

    func advance(seconds: Int64) {
        self.milliseconds.withLock { $0 += seconds * 1_000 }
    }
}
