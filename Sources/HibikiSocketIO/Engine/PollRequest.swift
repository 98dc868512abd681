// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiTransports
import NIOCore

/// A GET of a session that polls, from its arrival to its answer. Bound to its event loop.
final class PollRequest: ExchangeWaiter {
    /// What the client tells its requests apart by.
    let stamp: String?
    private let response: EngineResponse
    private var session: EngineSession?

    init(_ response: EngineResponse, stamp: String?) {
        self.response = response
        self.stamp = stamp
    }

    /// Another request has come in its place.
    func forget() {
        self.session = nil
        self.response.exchange.waiter = nil
        self.response.connection.close()
    }

    /// Stays until the session has something to say.
    func wait(for session: EngineSession) {
        self.session = session
        self.response.exchange.waiter = self
    }

    func answer(_ items: [EngineSession.Outgoing]) {
        self.session = nil
        self.response.exchange.waiter = nil
        self.response.send(items)
    }

    func refuse() {
        self.response.send(status: 400)
    }

    func refuse(_ refusal: EngineRefusal) {
        self.response.refuse(refusal)
    }

    // MARK: ExchangeWaiter

    /// The session has a clock of its own, which ends every poll.
    func deadlinePassed() {
        self.response.connection.setDeadline(after: .seconds(60))
    }

    func shutDown(_ farewell: Farewell) {
        self.session?.shutDown(farewell)
    }

    func describe(in record: inout ConnectionRecord) {
        record.transport = .longPoll
        self.session?.application?.describe(in: &record)
    }

    func dismiss(_ dismissal: Dismissal) {
        self.session?.dismiss(dismissal)
    }

    func cancel() {
        self.session?.pollAborted(self)
        self.session = nil
    }
}

extension NIOLoopBound<PollRequest> {
    func answer(_ items: [EngineSession.Outgoing]) {
        self.onLoop { $0.answer(items) }
    }
}

/// A POST of a session that polls. Bound to its event loop.
final class PostRequest: BodyReceiver, ExchangeWaiter {
    let stamp: String?
    private let response: EngineResponse
    private let isBinary: Bool
    /// `nil` for a session that does not listen any more.
    private var session: EngineSession?

    init(_ response: EngineResponse, stamp: String?, isBinary: Bool) {
        self.response = response
        self.stamp = stamp
        self.isBinary = isBinary
    }

    func receive(for session: EngineSession?) {
        if self.isBinary, let session, session.version == .v4 {
            // At its head: nobody waits for a body that is refused anyway.
            session.fail(.transportError, "invalid content")
            self.refuse()
            return
        }
        self.session = session
        let limit = session?.configuration.maxPayload ?? self.response.configuration.maxPayload
        self.response.exchange.receiveBody(limit: limit, self)
    }

    func refuse() {
        self.session = nil
        self.response.exchange.waiter = nil
        self.response.send(status: 400)
    }

    func refuse(_ refusal: EngineRefusal) {
        self.response.refuse(refusal)
    }

    // MARK: The body

    func received(body: ByteBuffer) {
        guard let session = self.session else {
            self.response.sendOK()
            return
        }
        do throws(EngineViolation) {
            try self.deliver(body, to: session)
        } catch {
            session.fail(.parseError, error.message)
            self.refuse()
            return
        }
        self.response.exchange.waiter = self
        self.proceed()
    }

    private func deliver(_ body: ByteBuffer, to session: EngineSession) throws(EngineViolation) {
        var body = body
        if self.response.jsonp != nil {
            guard let payload = EngineJSONP.payload(ofForm: body) else { return }
            body = payload
        }
        var reader = EnginePayloadReader(
            body, version: session.version, isBinary: self.isBinary,
            packetLimit: session.configuration.packetsPerPayload
        )
        while let packet = try reader.next() {
            session.receive(packet)
        }
    }

    /// Answers when the application can take more: until then the client sends nothing.
    func proceed() {
        guard let session = self.session, session.isReady else { return }
        self.session = nil
        self.response.exchange.waiter = nil
        _ = session.postEnded(self.stamp)
        self.response.sendOK()
    }

    func bodyFailed(_ failure: BodyFailure) {
        let session = self.session
        self.session = nil
        switch failure {
        case .tooLong: _ = session?.postEnded(nil)
        case .broken: session?.postAborted()
        }
    }

    // MARK: ExchangeWaiter

    func deadlinePassed() {
        self.response.connection.setDeadline(after: .seconds(60))
    }

    /// Answered when the application has taken what was posted; the session is told by a poll.
    func shutDown(_ farewell: Farewell) {}

    func cancel() {
        let session = self.session
        self.session = nil
        session?.postAborted()
    }
}

extension NIOLoopBound<PostRequest> {
    func refuse() {
        self.onLoop { $0.refuse() }
    }

    func proceed() {
        self.onLoop { $0.proceed() }
    }
}
