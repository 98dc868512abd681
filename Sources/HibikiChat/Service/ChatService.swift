// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
import HibikiWire

/// The chat: whoever brings commands brings them here.
///
/// Commands that change something are queued and committed in groups, each group as one transaction of the store; their events go to
/// the outlet in the order in which they were stored, before the commands are answered. Reading goes past the queue.
///
/// ```swift
/// let chat = ChatService(store: store, outlet: outlet)
/// async let running: Void = chat.run()
/// let answer = try await chat.perform(.send(SendMessage(room: room, content: "hi")), by: alice, at: now)
/// let bytes = answer.json
/// ```
public final class ChatService: Sendable {
    public struct Configuration: Sendable {
        public var limits = ChatLimits()
        public var policy = ChatPolicy()
        /// The queue of the writer, and how much one commit takes.
        public var writer = GroupCommit<ChatWork, ChatResult>.Configuration()
        /// Who checks what messages are to carry. Without one it is taken as it is said.
        public var attachments: (any ChatAttachments)?
        /// Rows of each kind that one part of an erasure changes. Default 500.
        public var erasurePortion = 500
        /// How long the unread counts of one round are left to stand before the next ones are told. Default 20 ms.
        public var unreadPause = Duration.milliseconds(20)
        /// Where names of rooms and invites come from.
        public var random: @Sendable () -> UInt64 = {
            var generator = SystemRandomNumberGenerator()
            return generator.next()
        }

        public init() {}
    }

    let store: any ChatStore
    let outlet: any ChatOutlet
    public let configuration: Configuration
    let writer: GroupCommit<ChatWork, ChatResult>
    private let unread: UnreadPusher
    private let herald: Herald

    public init(store: any ChatStore, outlet: any ChatOutlet, configuration: Configuration = Configuration()) {
        let unread = UnreadPusher(
            store: store, outlet: outlet, limits: configuration.limits, pause: configuration.unreadPause)
        let herald = Herald(store: store, outlet: outlet, unread: unread, limits: configuration.limits)
        let committer = ChatCommitter(
            store: store, outlet: outlet, unread: unread, herald: herald, configuration: configuration)
        self.store = store
        self.outlet = outlet
        self.configuration = configuration
        self.unread = unread
        self.herald = herald
        self.writer = GroupCommit(configuration.writer) { await committer.commit($0) }
    }

    /// Stores what is asked for and tells how much is unread, until ``stop()`` was called. To be run once; nothing that changes
    /// anything is answered before it runs.
    public func run() async {
        await withTaskGroup { group in
            group.addTask { await self.unread.run() }
            // What it tells is counted, too.
            group.addTask {
                await self.herald.run()
                self.unread.stop()
            }
            await self.writer.run()
            self.herald.stop()
        }
    }

    /// Takes nothing more. What is queued is stored, and ``run()`` returns.
    public func stop() { self.writer.stop() }

    /// Commands that wait to be stored.
    public var waiting: Int { self.writer.waiting }

    /// Does what a person asks for.
    ///
    /// - Parameter now: the time of whatever it changes, and that by which mutes and bans are over.
    /// - Throws: ``WireError``: `not_found`, `not_a_member`, `permission_denied`, `muted`, `banned`, `conflict`, `invalid_message`,
    ///   `too_large`, `limit_exceeded`; `overloaded` and `shutting_down` with nothing done. Anything else where the store failed:
    ///   a ``ChatStoreFailure`` says whether nothing was done.
    public func perform(
        _ command: ChatCommand, by person: ChatPerson, at now: Timestamp
    ) async throws -> ChatResult {
        try self.configuration.limits.check(command)
        let (command, refusal) = try await self.checked(command, of: person)
        let order = ChatOrder(
            command: command, person: person, now: now, freshRoom: self.freshRoom(), freshInvite: self.freshInvite(),
            refusal: refusal)
        if let needs = order.needs {
            let result = try await self.writer.submit(ChatWork(.order(order, needs)))
            return try await self.complete(result, of: order)
        }
        switch command {
        case .typing(let room): return try await self.type(.typing, in: room, order)
        case .stopTyping(let room): return try await self.type(.stopTyping, in: room, order)
        case .erase(let user): return try await self.erase(user, order)
        default: return try await self.mark(try await self.read(order), for: person.id)
        }
    }

    /// - Returns: the command with attachments as they are; or why it has none, which does not matter if it was sent before.
    private func checked(
        _ command: ChatCommand, of person: ChatPerson
    ) async throws -> (command: ChatCommand, refusal: WireError?) {
        guard let attachments = self.configuration.attachments, case .send(var message) = command,
            !message.attachments.isEmpty
        else { return (command, nil) }
        do {
            message.attachments = try await attachments.check(message.attachments, of: person)
            return (.send(message), nil)
        } catch let refusal as WireError where message.clientID != nil {
            return (command, refusal)
        }
    }

    /// Adds to a join the events that were asked for with it.
    private func complete(_ result: ChatResult, of order: ChatOrder) async throws -> ChatResult {
        guard case .joinRoom(let room, _, let since) = order.command, case .room(let access) = result else {
            return result
        }
        guard let since else { return .joined(access, events: nil) }
        let events = try await self.events(of: room, since: since, limit: nil, order)
        return try await self.mark(.joined(access, events: events), for: order.person.id)
    }

    /// Forgets what the retention says, in steps, so that nobody waits long behind it.
    ///
    /// - Returns: what was forgotten in all.
    public func trim(_ retention: ChatRetention, step: Int = 1_000) async throws -> TrimCount {
        var total = TrimCount(messages: 0, events: 0)
        while true {
            let count = try await self.store.trim(retention, limit: step)
            guard count.messages + count.events > 0 else { return total }
            total.messages += count.messages
            total.events += count.events
        }
    }
}

// MARK: Random names

extension ChatService {
    private func randomText() -> String {
        var bytes: [UInt8] = []
        for _ in 0..<2 { withUnsafeBytes(of: self.configuration.random()) { bytes.append(contentsOf: $0) } }
        return Base64URL.encode(bytes)
    }

    /// 22 characters of an alphabet that rooms and invites may have.
    func freshRoom() -> RoomID { RoomID(checked: self.randomText()) }
    private func freshInvite() -> InviteToken { InviteToken(checked: self.randomText()) }
}
