// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWire
public import NIOCore
import Synchronization

/// Something that a client wants of a feature, such as the chat, however it has said so.
public struct FeatureCommand: Sendable {
    /// The name of the feature: `chat`.
    public var feature: String
    /// The command's own name: `send`.
    public var name: String
    /// The text of one JSON object, which stands alone: nothing else holds on to its memory.
    public var payload: ByteBuffer

    public init(_ name: String, of feature: String, payload: ByteBuffer) {
        self.feature = feature
        self.name = name
        self.payload = payload
    }
}

/// Who wants it.
public struct Caller: Sendable {
    public var principal: Principal
    /// The device that it comes from.
    public var device: PresenceDevice
    /// The name that other clients know the connection by; `nil` over HTTP.
    public var client: ClientID?
    /// The id of the socket of Socket.IO; `nil` for every other transport.
    public var socket: String?

    public init(
        _ principal: Principal, device: PresenceDevice = .requests, client: ClientID? = nil, socket: String? = nil
    ) {
        self.principal = principal
        self.device = device
        self.client = client
        self.socket = socket
    }
}

/// Carries out the commands of a feature. Transports know no more of features than this.
public protocol CommandHandler: Sendable {
    /// What a command costs beside being a message.
    func cost(of name: String) -> CommandCost

    /// - Returns: the text of one JSON value.
    func handle(_ command: FeatureCommand, by caller: Caller) async throws(WireError) -> ByteBuffer
}

extension CommandHandler {
    /// The same as a value, for those who hand it to an event loop.
    package func result(of command: FeatureCommand, by caller: Caller) async -> Result<ByteBuffer, WireError> {
        do throws(WireError) {
            return .success(try await self.handle(command, by: caller))
        } catch {
            return .failure(error)
        }
    }
}

/// What a command costs beside being a message.
public struct CommandCost: Hashable, Sendable {
    /// How many messages more it counts for.
    public var messages: Int
    public var joins: Int

    public init(messages: Int = 0, joins: Int = 0) {
        self.messages = messages
        self.joins = joins
    }

    package var spending: Spending { Spending(messages: self.messages, joins: self.joins) }
}

/// The features that a server has.
public final class Features: Sendable {
    private let handlers = Mutex<[String: any CommandHandler]>([:])

    public init() {}

    /// To be called before the first connection is accepted.
    public func add(_ handler: any CommandHandler, named name: String) {
        self.handlers.withLock { $0[name] = handler }
    }

    /// `nil` for a feature that this server does not have.
    public func handler(named name: String) -> (any CommandHandler)? {
        self.handlers.withLock { $0[name] }
    }
}
