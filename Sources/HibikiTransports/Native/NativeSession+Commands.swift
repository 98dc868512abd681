// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore

extension NativeSession {
    /// The most bytes of events in one answer to `history`.
    private static let historyBytes = 256 << 10
    /// The most ids that an answer to `presence` lists.
    private static let presenceClients = 1_000

    func handle(_ message: ClientMessage) throws(WireError) {
        switch message.command {
        case .connect(let token):
            self.connect(token, id: message.id)
        case .subscribe(let topic, let since):
            try self.subscribe(Topic(topic), since: since, id: message.id)
        case .unsubscribe(let topic):
            try self.unsubscribe(Topic(topic), id: message.id)
        case .publish(let topic, let event, let payload):
            try self.publish(Topic(topic), event: event, payload: payload, id: message.id)
        case .broadcast(let payload):
            try self.broadcast(payload, id: message.id)
        case .direct(let targetID, let payload):
            try self.direct(targetID, payload, id: message.id)
        case .history(let topic, let since, let limit):
            try self.history(Topic(topic), since: since, limit: limit, id: message.id)
        case .presence(let topic):
            try self.presence(Topic(topic), id: message.id)
        case .ping:
            self.pong(message.id)
        case .feature(let name, let command, let payload):
            try self.command(command, of: name, payload, id: message.id)
        }
    }

    // MARK: Features

    /// What comes after a command waits for it: a client that sends two messages means them in that order.
    private func command(
        _ name: String, of feature: String, _ payload: ByteBuffer, id: RequestID?
    ) throws(WireError) {
        guard let handler = self.loop.hub.features.handler(named: feature) else {
            throw WireError(.unknownType, "type: this server has no \(feature)")
        }
        let cost = handler.cost(of: name)
        guard cost == CommandCost() || self.spends(cost.spending, id: id) else { return }
        let command = FeatureCommand(name, of: feature, payload: ByteBuffer(bytes: payload.readableBytesView))
        let caller = Caller(self.principal, device: self.device, client: self.clientID)
        let goOn = self.pause()
        Task {
            let result = await handler.result(of: command, by: caller)
            goOn { session in
                switch result {
                case .success(let answer): session.reply(id, .result(answer))
                case .failure(let error): session.refuse(error, id: id)
                }
            }
        }
    }

    private var device: PresenceDevice {
        self.socket.map { .connection($0.connection.id.bits) } ?? .requests
    }

    /// Whether it is known that the client may; if not, somebody has to be asked. Throws if it is known that it may not.
    private func may(_ action: Action) throws(WireError) -> Bool {
        switch self.loop.hub.access.verdict(on: action, by: self.principal, at: self.loop.timestamp) {
        case .allowed: return true
        case .denied: throw self.loop.hub.access.denial(of: action, to: self.principal)
        case .undecided: return false
        }
    }

    /// Goes on when whomever has to be asked has said that the client may; meanwhile nothing else is read.
    private func ask(
        _ action: Action, id: RequestID?, _ body: @escaping @Sendable (NativeSession) throws(WireError) -> Void
    ) {
        let access = self.loop.hub.access
        let principal = self.principal
        let now = self.loop.timestamp
        let goOn = self.pause()
        Task {
            let result = await access.result(of: [action], by: principal, at: now)
            goOn { session in
                do throws(WireError) {
                    try result.get()
                    try body(session)
                } catch {
                    session.refuse(error, id: id)
                }
            }
        }
    }

    /// Whether it is known that the client may not.
    private func mayNot(_ action: Action) -> Bool {
        self.loop.hub.access.verdict(on: action, by: self.principal, at: self.loop.timestamp) == .denied
    }

    // MARK: Who it is

    private func connect(_ token: String, id: RequestID?) {
        guard self.mayShowToken(id: id) else { return }
        let access = self.loop.hub.access
        let now = self.loop.timestamp
        let goOn = self.pause()
        Task {
            let result = await access.result(of: token, at: now)
            goOn { $0.connected(result, id: id) }
        }
    }

    private func connected(_ result: Result<Principal, AuthenticationFailure>, id: RequestID?) {
        do throws(AuthenticationFailure) {
            let principal = try result.get()
            guard self.mayBegin(principal, id: id) else { return }
            try self.become(principal)
            self.reply(
                id, .connected(principal: principal.id ?? "", expiresAt: principal.expiry?.milliseconds))
            self.leaveForbiddenTopics()
        } catch {
            self.tokenFailed(error, id: id)
        }
    }

    /// A new token may allow less than the one before.
    private func leaveForbiddenTopics() {
        let access = self.loop.hub.access
        for topic in self.follower.topics where self.mayNot(.subscribe(topic)) {
            self.leave(access.denial(of: .subscribe(topic), to: self.principal), topic)
        }
        let undecided = self.follower.topics.filter {
            access.verdict(on: .subscribe($0), by: self.principal, at: self.loop.timestamp) == .undecided
        }
        guard !undecided.isEmpty else { return }
        self.ask(about: undecided, access)
    }

    private func ask(about topics: [Topic], _ access: AccessControl) {
        let principal = self.principal
        let now = self.loop.timestamp
        let goOn = self.pause()
        Task {
            var refusals: [(Topic, WireError)] = []
            for topic in topics {
                guard case .failure(let error) = await access.result(of: [.subscribe(topic)], by: principal, at: now)
                else { continue }
                refusals.append((topic, error))
            }
            goOn { [refusals] session in
                for (topic, error) in refusals { session.leave(error, topic) }
            }
        }
    }

    private func leave(_ error: WireError, _ topic: Topic) {
        self.follower.unfollow(topic, loop: self.loop)
        self.gate.forget(topic)
        self.refuse(error, id: nil)
    }

    // MARK: Following

    private func subscribe(_ topic: Topic, since: String?, id: RequestID?) throws(WireError) {
        guard self.spends(Spending(joins: 1), id: id) else { return }
        guard try self.may(.subscribe(topic)) else {
            return self.ask(.subscribe(topic), id: id) { session throws(WireError) in
                try session.follow(topic, since: since, id: id)
            }
        }
        try self.follow(topic, since: since, id: id)
    }

    private func follow(_ topic: Topic, since: String?, id: RequestID?) throws(WireError) {
        let limit = self.loop.configuration.events.topics
        if self.follower.follows(topic) {
            self.follower.unfollow(topic, loop: self.loop)
            self.gate.forget(topic)
        }
        guard self.follower.count < limit else {
            throw WireError(.limitExceeded, "a connection may follow \(limit) topics; unsubscribe from one first")
        }
        var start = since.map { Since($0).start(for: topic, alone: true) } ?? .latest
        // Whoever may not read what came before is told that there is a gap.
        if start != .latest, self.mayNot(.history(topic)) { start = .gone }
        let joined = self.follower.follow(topic, from: start, loop: self.loop)
        let newest = joined.newest.description
        if id != nil {
            self.reply(id, .subscribed(topic: topic.name, position: newest, gap: joined.isGap))
        } else if joined.isGap {
            self.send { self.encoding.writeGap(topic: topic.name, position: newest, to: &$0) }
        }
        self.catchUp()
    }

    private func unsubscribe(_ topic: Topic, id: RequestID?) throws(WireError) {
        self.follower.unfollow(topic, loop: self.loop)
        self.gate.forget(topic)
        self.reply(id)
    }

    // MARK: Publishing

    private func publish(_ topic: Topic, event: String, payload: ByteBuffer, id: RequestID?) throws(WireError) {
        let key: String? =
            switch id {
            case .string(let key): key
            case .number, nil: nil
            }
        var draft = Draft(topic: topic, event: event, payload: payload, from: self.clientID, key: key)
        try self.loop.hub.check(draft)
        guard try self.may(.publish(topic)) else {
            // A slice of a buffer that the event loop uses again cannot wait.
            draft.payload = ByteBuffer(bytes: payload.readableBytesView)
            return self.ask(.publish(topic), id: id) { [draft] in $0.publish(draft, id: id) }
        }
        self.publish(draft, id: id)
    }

    private func publish(_ draft: Draft, id: RequestID?) {
        let answer = self.answerLater()
        self.loop.hub.publish(draft, at: self.loop.timestamp) { result in
            answer { session in
                switch result {
                case .success(let receipt):
                    session.reply(
                        id, .published(position: receipt.position.description, duplicate: receipt.isDuplicate)
                    )
                case .failure(let error):
                    session.refuse(error, id: id)
                }
            }
        }
    }

    private func broadcast(_ payload: ByteBuffer, id: RequestID?) throws(WireError) {
        try self.requireSignals()
        self.loop.hub.send(self.signal(.broadcast, payload))
        self.reply(id)
    }

    private func direct(_ targetID: String, _ payload: ByteBuffer, id: RequestID?) throws(WireError) {
        try self.requireSignals()
        guard let target = ClientID(targetID) else {
            self.reply(id, .delivered(false))
            return
        }
        let signal = self.signal(.direct(target), payload)
        let hub = self.loop.hub
        hub.send(signal)
        guard id != nil else { return }
        let answer = self.answerLater()
        hub.isConnected(target) { isConnected in
            answer { $0.reply(id, .delivered(isConnected)) }
        }
    }

    private func requireSignals() throws(WireError) {
        guard self.mayNot(.signal) else { return }
        throw self.loop.hub.access.denial(of: .signal, to: self.principal)
    }

    private func signal(_ kind: Signal.Kind, _ payload: ByteBuffer) -> Signal {
        // A copy, because the payload is a slice of a buffer that the event loop uses again.
        Signal(
            kind, from: self.clientID, payload: ByteBuffer(bytes: payload.readableBytesView),
            timestamp: self.loop.timestamp
        )
    }

    // MARK: Asking

    private func history(_ topic: Topic, since: String?, limit: Int?, id: RequestID?) throws(WireError) {
        guard let id else { return }
        guard try self.may(.history(topic)) else {
            return self.ask(.history(topic), id: id) { $0.answerHistory(topic, since: since, limit: limit, id: id) }
        }
        self.answerHistory(topic, since: since, limit: limit, id: id)
    }

    private func answerHistory(_ topic: Topic, since: String?, limit: Int?, id: RequestID) {
        let start = since.map { Since($0).start(for: topic, alone: true) } ?? .earliest
        let limits = ClientMessage.historyLimits
        let slice = self.loop.hub.read(topic, from: start, limit: limit ?? limits.upperBound, at: self.loop.timestamp)
        self.send { bytes in
            var end = slice.end
            self.encoding.writeHistoryReplyBegin(id: id, to: &bytes)
            let first = bytes.writerIndex
            for (index, publication) in slice.publications.enumerated() {
                guard bytes.writerIndex - first < Self.historyBytes else {
                    end.offset = publication.position.offset - 1
                    break
                }
                self.encoding.writeListedEvent(EventFields(publication), isFirst: index == 0, to: &bytes)
            }
            self.encoding.writeHistoryReplyEnd(position: end.description, gap: slice.isGap, to: &bytes)
        }
    }

    private func presence(_ topic: Topic, id: RequestID?) throws(WireError) {
        guard try self.may(.presence(topic)) else {
            return self.ask(.presence(topic), id: id) { $0.answerPresence(topic, id: id) }
        }
        self.answerPresence(topic, id: id)
    }

    private func answerPresence(_ topic: Topic, id: RequestID?) {
        let answer = self.answerLater()
        self.loop.hub.presence(of: topic, limit: Self.presenceClients) { presence in
            answer { session in
                session.send {
                    session.encoding.writePresence(
                        id: id, topic: topic.name, count: presence.count,
                        clients: presence.clients.lazy.map(\.description), to: &$0
                    )
                }
            }
        }
    }

    private func pong(_ id: RequestID?) {
        if id != nil {
            self.reply(id)
        } else {
            self.send { self.encoding.writePong(timestamp: self.loop.timestamp.milliseconds, to: &$0) }
        }
    }
}
