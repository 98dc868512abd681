// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension EngineTransportMachine {
    public enum PollAction: Equatable, Sendable {
        /// Keep the request until there are packets.
        case wait
        /// Answer with what is held.
        case answer
        /// The session ends, and this request is the poll that gets its last packets.
        case end(Ending)
        /// Two polls at once: answer this request with 400 and an empty body, and end the session.
        case refuseAndEnd(Ending)
        case refuse(EngineRefusal)
    }

    /// A GET arrived.
    ///
    /// - Parameter hasPackets: whether packets are held for the client.
    public mutating func pollArrived(hasPackets: Bool) -> PollAction {
        switch self.phase {
        case .polling:
            guard !self.isPollWaiting else {
                return .refuseAndEnd(self.end(.transportError, poll: .closePacket))
            }
            self.isPollWaiting = !hasPackets
            return hasPackets ? .answer : .wait
        case .closing:
            self.isPollWaiting = true
            return .end(self.end(.forcedClose, poll: .closePacket))
        case .webSocket: return .refuse(.badRequest(.transportMismatch))
        case .closed: return .refuse(.sessionUnknown)
        }
    }

    /// The client gave up a GET. `nil` if it was answered before.
    public mutating func pollAborted() -> Ending? {
        guard self.isPollWaiting else { return nil }
        self.isPollWaiting = false
        return self.end(.transportError, poll: .closePacket)
    }

    public enum PostAction: Equatable, Sendable {
        /// Read the body and handle its packets.
        case accept
        /// Read the body, drop it, and answer `ok`: the server has closed the session, and the next poll will say so.
        case discard
        /// Two posts at once: answer this request with 400, and end the session.
        case refuseAndEnd(Ending)
        case refuse(EngineRefusal)
    }

    /// The head of a POST arrived.
    public mutating func postBegan() -> PostAction {
        switch self.phase {
        case .polling:
            guard !self.isPostUnderWay else {
                return .refuseAndEnd(self.end(.transportError, poll: .closePacket))
            }
            self.isPostUnderWay = true
            return .accept
        case .closing: return .discard
        case .webSocket: return .refuse(.badRequest(.transportMismatch))
        case .closed: return .refuse(.sessionUnknown)
        }
    }

    public enum PostEndAction: Equatable, Sendable {
        /// Answer 200 with the body `ok`.
        case answer
        /// The request was answered when the session ended.
        case ignore
    }

    /// The packets of an accepted POST have been handled. A close packet among them does not change its answer.
    public mutating func postEnded() -> PostEndAction {
        guard self.isPostUnderWay else { return .ignore }
        self.isPostUnderWay = false
        return .answer
    }

    /// The client gave up an accepted POST. `nil` if that changes nothing.
    public mutating func postAborted() -> Ending? {
        guard self.isPostUnderWay else { return nil }
        self.isPostUnderWay = false
        switch self.phase {
        case .polling, .closing: return self.end(.transportError, poll: .closePacket)
        case .webSocket, .closed: return nil
        }
    }
}
