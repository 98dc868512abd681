// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiSocketIOCodec

/// An error whose words may be shown to a client. Of any other error a client learns only that there was one.
public protocol ClientVisibleError: Error {
    /// In words, for a person.
    var message: String { get }
    /// More about it, for a program; left out on the wire if it is `nil`.
    var data: JSON? { get }
}

/// Keeps a socket out of a namespace: the client's `connect_error` event gets the message and the data.
public struct ConnectError: ClientVisibleError, Hashable {
    public var message: String
    public var data: JSON?

    public init(_ message: String, data: JSON? = nil) {
        self.message = message
        self.data = data
    }
}

/// Thrown by a handler, answers the ack with `{"error":{"message":…,"data":…}}`.
public struct AckError: ClientVisibleError, Hashable {
    public var message: String
    public var data: JSON?

    public init(_ message: String, data: JSON? = nil) {
        self.message = message
        self.data = data
    }
}

/// Why an emit did not go out, or its ack did not come.
public enum EmitError: Error, Hashable, Sendable {
    /// The ack did not come in time.
    case timeout
    /// The socket has disconnected.
    case disconnected
    /// The socket has as many acks pending as it may; see ``SocketIOServer/Configuration/pendingAcks``.
    case tooManyPendingAcks
    /// `connect`, `connect_error`, `disconnect`, `disconnecting`, `newListener` and `removeListener` are no events of
    /// an application.
    case reservedName(String)
    /// An argument cannot be written, with the reason.
    case unwritable(String)
    /// The call makes no sense for a family of namespaces.
    case unsupported
}

/// Not all sockets of a broadcast have answered in time.
public struct BroadcastTimeout: Error, Sendable {
    /// What came until then, in the order in which it came.
    public var responses: [Arguments]
    /// To how many sockets the event went.
    public var expected: Int

    /// The first argument of each response that can be read as a `Response`.
    public func responses<Response: Decodable>(as type: Response.Type) -> [Response] {
        self.responses.compactMap { try? $0.decode(type, at: 0) }
    }
}

extension Error {
    /// What a client is told about the error.
    var clientMessage: String {
        switch self {
        case let error as any ClientVisibleError: error.message
        case let error as ArgumentError: error.description
        default: "internal error"
        }
    }

    var clientData: JSON? {
        (self as? any ClientVisibleError)?.data
    }

    /// As the answer to an event that wanted an ack.
    var ackValue: JSON {
        var members: JSONObject = ["message": .string(self.clientMessage)]
        if let error = self as? ArgumentError {
            members["path"] = .string(error.path.description)
        }
        members["data"] = self.clientData
        return ["error": .object(members)]
    }
}
