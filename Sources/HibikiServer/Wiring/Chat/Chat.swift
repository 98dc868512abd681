// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiSocketIO
import HibikiSocketIOCodec
import HibikiTransports
import HibikiWire
import Logging
import NIOCore

/// The chat of a server: its commands, its topics, who is there, and what is told to whom.
struct Chat: Sendable {
    let configuration: ChatConfiguration
    let store: any ChatStore
    let service: ChatService
    let desk: ChatDesk
    let attendance: Attendance
    let hub: Hub
    let logger: Logger
    let meter: ChatMeter
    /// Ends with ``run(_:)``.
    private let end = AsyncStream.makeStream(of: Never.self)

    /// What has to be known before there is a hub.
    struct Ground: Sendable {
        let configuration: ChatConfiguration
        let store: any ChatStore
        let removals = RecentRemovals()
        let attendance: Attendance

        init(_ configuration: ChatConfiguration, store: any ChatStore) {
            self.configuration = configuration
            self.store = store
            self.attendance = Attendance(configuration.presence, typing: configuration.typing)
        }

        /// Gives the chat its topics.
        func own(_ access: inout AccessControl) {
            access.owners.append(ChatTopics(store: self.store, removals: self.removals))
            access.doorkeeper = self.attendance
        }
    }

    /// - Parameter files: what messages carry; `nil` where there are no uploads.
    init(_ ground: Ground, hub: Hub, files: ChatFiles?, logger: Logger) {
        let meter = ChatMeter()
        let store = ground.store
        let press = ChatPress(
            hub: hub, removals: ground.removals, attendance: ground.attendance,
            namespaces: ground.configuration.namespaces, logger: logger)
        var configuration = ChatService.Configuration()
        configuration.limits = ground.configuration.limits
        configuration.policy = ground.configuration.policy
        configuration.writer.queue = ground.configuration.queue
        configuration.attachments = files
        let service = ChatService(store: store, outlet: press, configuration: configuration)
        self.configuration = ground.configuration
        self.store = store
        self.service = service
        self.attendance = ground.attendance
        self.hub = hub
        self.logger = logger
        self.meter = meter
        self.desk = ChatDesk(
            service: service, store: store, configuration: ground.configuration, attendance: ground.attendance,
            hub: hub, audit: Audit(logger: logger), meter: meter, logger: logger)
        hub.features.add(self.desk, named: ChatDesk.feature)
    }

    /// Lets sockets chat.
    func install(on io: SocketIOServer) {
        for name in self.configuration.namespaces {
            ChatNamespace(name: name, desk: self.desk, attendance: self.attendance).install(on: io)
        }
    }

    /// Asked by `/readyz`: whether the store works.
    var check: Readiness.Check {
        Readiness.Check(name: "chat") {
            await self.meter.storeWorks(at: .now()) { _ = try await self.store.publicRooms(after: nil, limit: 1) }
        }
    }

    // MARK: Running

    /// Stores, tells and forgets, until the service is stopped.
    ///
    /// - Parameter look: finds the connections of everybody.
    func run(_ look: @escaping @Sendable () async -> [ExactString: Set<PresenceDevice>]) async {
        await withTaskGroup { tasks in
            tasks.addTask { await Self.every(.milliseconds(500)) { self.desk.forgetSilentTypists() } }
            tasks.addTask { await Self.every(.milliseconds(500)) { await self.tellPresence() } }
            tasks.addTask { await Self.every(.seconds(15)) { await self.lookAround(look) } }
            tasks.addTask { await Self.every(.seconds(60)) { await self.forget() } }
            tasks.addTask { await Self.every(.seconds(60)) { await self.resumeErasures() } }
            await self.service.run()
            tasks.cancelAll()
        }
        self.end.continuation.finish()
    }

    /// Takes no more commands. Returns when what was taken is stored, and has been told.
    func stop() async {
        self.service.stop()
        for await _ in self.end.stream {}
    }

    private static func every(_ interval: Duration, _ body: () async -> Void) async {
        while !Task.isCancelled {
            await body()
            try? await Task.sleep(for: interval)
        }
    }

    private func lookAround(_ look: @Sendable () async -> [ExactString: Set<PresenceDevice>]) async {
        let began = Timestamp.now()
        self.attendance.keepConnections(of: await look(), lookedSince: began, at: .now())
    }

    /// Forgets what is too old.
    private func forget() async {
        guard let retention = self.configuration.retention else { return }
        let before = Timestamp.now().advanced(by: .zero - retention)
        do {
            let count = try await self.service.trim(ChatRetention(messagesBefore: before, eventsBefore: before))
            guard count.messages + count.events > 0 else { return }
            self.logger.info(
                "old messages were forgotten",
                metadata: ["messages": "\(count.messages)", "events": "\(count.events)"])
        } catch {
            self.logger.warning("old messages could not be forgotten", metadata: ["error": "\(error)"])
        }
    }

    /// Erasures that a stop has interrupted, or a store that did not answer.
    private func resumeErasures() async {
        do {
            let count = try await self.service.resumeErasures()
            if count > 0 { self.logger.info("people were erased to the end", metadata: ["count": "\(count)"]) }
        } catch {
            self.logger.warning("people could not be erased to the end", metadata: ["error": "\(error)"])
        }
    }

    // MARK: Presence

    /// How many companions who are there are told, and in how many rooms, when one comes or goes.
    private static let companions = 1_000
    private static let rooms = 100
    /// How many companions are read at a time.
    private static let portion = 1_000

    private func tellPresence() async {
        for change in self.attendance.changes(at: .now()) {
            await self.tell(change)
        }
    }

    /// To those who share a direct room or a group and to the contacts, each at that one's own topic; and to small public rooms.
    private func tell(_ change: PresenceChange) async {
        guard let user = UserID(rawValue: change.person) else { return }
        let payload = JSON(change).text
        let companions = await self.present {
            try await self.store.companions(of: user, after: $0, limit: Self.portion)
        }
        let contacts = await self.present {
            try await self.store.contacts(of: user, after: $0, limit: Self.portion).map(\.key.contact)
        }
        var topics = Set((companions + contacts).map(ExactString.init)).sorted().compactMap {
            ChatTopics.topic(of: $0.text)
        }
        for summary in (try? await self.store.rooms(of: user, after: nil, limit: Self.rooms, counting: 1)) ?? [] {
            let room = summary.room
            guard summary.membership.isJoined, room.kind == .public,
                room.members <= self.configuration.presenceMembers
            else { continue }
            ChatTopics.topic(of: room.id).map { topics.append($0) }
        }
        for topic in topics {
            self.hub.send(Signal("presence", on: topic, payload: payload, timestamp: .now()))
        }
    }

    /// The first who are there of a list by user id, which is read in portions; whoever is not there takes nobody's place.
    private func present(among list: (_ after: UserID?) async throws -> [UserID]) async -> [String] {
        var present: [String] = []
        var last: UserID?
        repeat {
            guard let people = try? await list(last) else { break }
            present += self.attendance.present(among: people.lazy.map(\.rawValue)).sorted().map(\.text)
            last = people.count < Self.portion ? nil : people.last
        } while last != nil && present.count < Self.companions && !Task.isCancelled
        return Array(present.prefix(Self.companions))
    }
}
