// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiSocketIOCodec
import Synchronization

/// What an application keeps with a socket, under names that it declares once:
///
/// ```swift
/// extension SocketDataKeys {
///     var user: SocketDataKey<User> { SocketDataKey("user") }
/// }
///
/// socket.data.user = try await verify(socket.handshake.auth["token"])
/// let name = socket.data.user?.name
/// ```
///
/// A value that was not set is `nil`. Values that are `Encodable` are what other nodes see of a socket, and all values
/// are restored when a client recovers its socket; after a restart of the server, those that are `Codable`. May be used
/// from any thread.
@dynamicMemberLookup
public final class SocketData: Sendable {
    private let values: Mutex<[String: any Sendable]>

    public init() {
        self.values = Mutex([:])
    }

    package init(_ values: [String: any Sendable]) {
        self.values = Mutex(values)
    }

    public subscript<Value>(dynamicMember key: KeyPath<SocketDataKeys, SocketDataKey<Value>>) -> Value? {
        get { self[SocketDataKeys()[keyPath: key]] }
        set { self[SocketDataKeys()[keyPath: key]] = newValue }
    }

    public subscript<Value>(key: SocketDataKey<Value>) -> Value? {
        get { self.values.withLock { Self.value(of: key, in: $0) } }
        set { self.values.withLock { $0[key.name] = newValue } }
    }

    /// Changes a value in one step, whoever else uses it at the same time.
    public func update<Value>(_ key: SocketDataKey<Value>, _ change: (inout Value?) -> Void) {
        self.values.withLock { values in
            var value = Self.value(of: key, in: values)
            change(&value)
            values[key.name] = value
        }
    }

    private static func value<Value>(of key: SocketDataKey<Value>, in values: [String: any Sendable]) -> Value? {
        let value = values[key.name]
        return (value as? SavedValue).map { $0.value(as: Value.self) } ?? value as? Value
    }

    /// Everything that is kept.
    package var all: [String: any Sendable] { self.values.withLock { $0 } }

    /// The values that are `Encodable`, by their names.
    public var json: JSON {
        let values = self.all.sorted { $0.key < $1.key }
        let encoder = ArgumentEncoder()
        return .object(
            JSONObject(
                values.compactMap { name, value in
                    guard let value = value as? any Encodable, let json = try? encoder.encode(value) else { return nil }
                    return (name, json)
                }))
    }
}

/// Where an application declares what it keeps with its sockets; see ``SocketData``.
public struct SocketDataKeys: Sendable {
    init() {}
}

/// The name and the type of something that is kept with a socket.
public struct SocketDataKey<Value: Sendable>: Sendable {
    public let name: String

    public init(_ name: String) {
        self.name = name
    }
}
