// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiWire
import NIOCore
import Synchronization

@testable import HibikiSocketIO

/// A session without a network: it keeps what is sent, as text, and hands over what a test says that the client sends.
final class FakeConnection: EngineConnection {
    private struct State {
        var isSilent = false
        var sent: [String] = []
        var packets: [EncodedPacket] = []
        var isClosed = false
        var wasDiscarded = false
        var proceeds = 0
        var loop: Int
        var application: (any EngineApplication)?
    }

    let id: String
    let version: EngineVersion
    let request: EngineRequest
    private let eventLoops: [any EventLoop]
    private let state: Mutex<State>

    init(_ number: Int, eventLoops: [any EventLoop], loop: Int, version: EngineVersion, request: EngineRequest) {
        self.id = "engine-session-\(number)"
        self.version = version
        self.request = request
        self.eventLoops = eventLoops
        self.state = Mutex(State(loop: loop))
    }

    var transportName: String { "websocket" }
    var isSilent: Bool {
        get { self.state.withLock { $0.isSilent } }
        set { self.state.withLock { $0.isSilent = newValue } }
    }
    var loopNumber: Int { self.state.withLock { $0.loop } }
    /// Texts as they are, binary messages as `<bytes>`.
    var sent: [String] { self.state.withLock { $0.sent } }
    /// The same, as they were given.
    var packets: [EncodedPacket] { self.state.withLock { $0.packets } }
    var isClosed: Bool { self.state.withLock { $0.isClosed } }
    var proceeds: Int { self.state.withLock { $0.proceeds } }
    var application: (any EngineApplication)? { self.state.withLock { $0.application } }

    func attach(_ application: any EngineApplication) {
        self.state.withLock { $0.application = application }
    }

    // MARK: What the server does

    func send(_ message: EngineMessage, isVolatile: Bool) {
        self.record(message.packet)
    }

    func sendText(_ length: Int, isVolatile: Bool, isCompressible: Bool, _ write: (inout JoinedBytes) -> Void) {
        var bytes = ByteBuffer()
        bytes.writeJoined(length, write)
        self.record(EncodedPacket(.text(bytes)))
    }

    func deliver(_ batch: EngineBatch) {
        for message in batch.messages { self.record(message.packet) }
    }

    func close(discarding: Bool) {
        let application = self.state.withLock { state -> (any EngineApplication)? in
            guard !state.isClosed else { return nil }
            state.isClosed = true
            state.wasDiscarded = discarding
            return state.application
        }
        application?.closed(.forcedClose, description: nil)
    }

    func proceed() {
        self.state.withLock { $0.proceeds += 1 }
    }

    func deadlineChanged() {}

    private func record(_ packet: EncodedPacket) {
        self.state.withLock { state in
            guard !state.isClosed else { return }
            state.packets.append(packet)
            switch packet.first {
            case .text(let text): state.sent.append(String(buffer: text))
            case .binary(let bytes): state.sent.append("<\(bytes.hexDump(format: .compact))>")
            }
            for attachment in packet.attachments { state.sent.append("<\(attachment.hexDump(format: .compact))>") }
        }
    }

    // MARK: What the client does

    /// On the event loop of the connection, as the engine would.
    func receive(_ texts: String...) async throws {
        for text in texts {
            try await self.onLoop { $0.received(text: ByteBuffer(string: text)) }
        }
    }

    func receive(binary bytes: [UInt8]) async throws {
        try await self.onLoop { $0.received(binary: ByteBuffer(bytes: bytes)) }
    }

    /// As the engine does, if the deadline of the application has passed.
    func pass(to now: NIODeadline) async throws {
        try await self.onLoop { application in
            if let deadline = application.deadline, deadline <= now { application.deadlinePassed(at: now) }
        }
    }

    /// The engine has lost the client.
    func lose(_ reason: EngineCloseReason = .transportClose) async throws {
        self.state.withLock { $0.isClosed = true }
        try await self.onLoop { $0.closed(reason, description: nil) }
    }

    func move(to loop: Int) async throws {
        let application = self.application
        try await self.eventLoops[loop].submit {
            self.state.withLock { $0.loop = loop }
            application?.moved(toLoop: loop)
        }.get()
    }

    func onLoop(_ body: @escaping @Sendable (any EngineApplication) -> Void) async throws {
        guard let application = self.application else { return }
        try await self.eventLoops[self.loopNumber].submit { body(application) }.get()
    }
}
