// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIOCodec
import Logging
import NIOCore
import Synchronization

extension Namespace {
    /// `nil` before the server is started, or if the namespace has a name that it cannot have.
    var rooms: NamespaceRooms? { self.state.withLock { $0.rooms } }

    func start(on hub: Hub, now: @escaping @Sendable () -> Timestamp) {
        let configuration = self.roomsConfiguration(now: now)
        guard let rooms = try? NamespaceRooms(namespace: self.name, hub: hub, configuration: configuration) else {
            self.server.logger.error(
                "Socket.IO cannot have a namespace of that name", metadata: ["name": "\(self.name)"])
            return
        }
        let isFirst = self.state.withLock { state in
            guard state.rooms == nil else { return false }
            state.rooms = rooms
            return true
        }
        guard isFirst else { return }
        rooms.start()
        rooms.restore()
    }

    private func roomsConfiguration(now: @escaping @Sendable () -> Timestamp) -> NamespaceRooms.Configuration {
        let format = self.server.format
        let name = self.name
        let payload = self.state.withLock { $0.bridgedPayload }
        let onRoomEvent: (@Sendable (RoomEvent) -> Void)? =
            self.watchesRooms ? { [weak self] in self?.roomChanged($0) } as @Sendable (RoomEvent) -> Void : nil
        return NamespaceRooms.Configuration(
            recovery: self.recoveryOptions,
            restored: self.recovery == nil ? nil : self.server.takeSaved(self.name),
            bridge: { [weak self] in self?.topic(of: $0) },
            onRoomEvent: onRoomEvent,
            encodeEvent: { event, argument in
                let arguments = Arguments([RawArgument(.json, bytes: payload?(event, argument) ?? argument)])
                // One argument that is JSON text can be written in either encoding, or is not JSON text.
                return (try? format.event(.string(event), namespace: name, arguments: arguments))
                    ?? EncodedPacket(.text(ByteBuffer()))
            },
            now: now)
    }

    private var recoveryOptions: RecoveryOptions? {
        guard let recovery = self.recovery else { return nil }
        var options = RecoveryOptions()
        options.window = recovery.maxDisconnectionDuration
        switch self.server.configuration.parser {
        case .json: options.splice = .json
        case .messagePack:
            let format = self.server.format
            options.splice = OffsetSplice { format.appending($1, to: $0) }
        }
        return options
    }

    func stop() {
        self.rooms?.stop()
    }

    /// - Returns: what is to be kept for the time after a restart.
    func shutDown() async -> SavedNamespace? {
        guard let rooms = self.rooms else { return nil }
        let sockets = await rooms.gather(Audience()) { $0 as? Socket }
        for socket in sockets { socket.end(with: .serverShuttingDown) }
        let saved = await rooms.saved()
        rooms.stop()
        return saved
    }

    // MARK: Coming and going

    func joining() {
        self.state.withLock { $0.joiningCount += 1 }
    }

    func joined(_ socket: Socket) {
        self.state.withLock { state in
            state.socketCount += 1
            if let privateID = socket.privateID { state.recoverable[privateID] = socket }
        }
    }

    /// The socket whose client comes back with this.
    func socket(recoverableBy privateID: String) -> Socket? {
        self.state.withLock { $0.recoverable[privateID] }
    }

    func stoppedJoining() {
        self.state.withLock { $0.joiningCount -= 1 }
        self.removeIfEmpty()
    }

    func left(_ socket: Socket) {
        self.state.withLock { state in
            state.socketCount -= 1
            if let privateID = socket.privateID, state.recoverable[privateID] === socket {
                state.recoverable[privateID] = nil
            }
        }
        self.removeIfEmpty()
    }

    private func removeIfEmpty() {
        guard self.parent != nil, self.server.configuration.cleanupEmptyChildNamespaces else { return }
        guard self.state.withLock({ $0.socketCount == 0 && $0.joiningCount == 0 }) else { return }
        self.server.remove(self)
    }
}
