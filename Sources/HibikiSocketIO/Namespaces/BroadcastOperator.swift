// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore

/// Some of the sockets of a namespace, and how to send to them. Immutable: each step gives another one.
///
/// ```swift
/// io.to("room-1", "room-2").except("muted").volatile.emit("news", news)
/// ```
public struct BroadcastOperator: BroadcastSource, Sendable {
    enum Target: Sendable {
        case namespace(Namespace)
        case family(ParentNamespace)

        var namespaces: [Namespace] {
            switch self {
            case .namespace(let namespace): [namespace]
            case .family(let family): family.children
            }
        }
    }

    let target: Target
    var rooms: [String] = []
    var exceptions: [String] = []
    /// The socket that emits.
    private let leftOut: String?
    var flags = EmitFlags()

    init(_ target: Target, leftOut: String? = nil) {
        self.target = target
        self.leftOut = leftOut
    }

    public var everyone: BroadcastOperator { self }

    func with(_ change: (inout BroadcastOperator) -> Void) -> BroadcastOperator {
        var copy = self
        change(&copy)
        return copy
    }

    func with(_ flags: EmitFlags) -> BroadcastOperator {
        self.with { $0.flags = flags }
    }

    var audience: Audience {
        Audience(
            rooms: self.rooms, except: self.exceptions, leftOut: self.leftOut, isLocal: self.flags.isLocal,
            isVolatile: self.flags.isVolatile, isCompressible: self.flags.isCompressible)
    }

    var server: SocketIOServer {
        switch self.target {
        case .namespace(let namespace): namespace.server
        case .family(let family): family.server
        }
    }

    /// The namespace, where a call makes sense for one only.
    var only: Namespace {
        get throws {
            guard case .namespace(let namespace) = self.target else { throw EmitError.unsupported }
            return namespace
        }
    }

    func broadcast(_ name: EventName, _ arguments: some WritableArguments) {
        guard !name.isReserved else {
            return self.server.report(.reservedName(name.text), encoding: name.text)
        }
        let audience = self.audience
        for namespace in self.target.namespaces {
            guard let rooms = namespace.rooms, let packet = namespace.packet(name, arguments) else { continue }
            rooms.broadcast(packet, to: audience, bridged: { BridgedEvent(name, arguments) })
        }
    }
}

extension BridgedEvent {
    /// An event with one argument, or with none; `nil` for one with several or with binary, which topics have no words
    /// for.
    fileprivate init?(_ name: EventName, _ arguments: some WritableArguments) {
        guard let written = try? Arguments(writing: arguments), written.count <= 1 else { return nil }
        guard let only = written.first else {
            self.init(name: name.text, payload: ByteBuffer(string: "null"))
            return
        }
        guard only.attachments.isEmpty else { return nil }
        self.init(name: name.text, payload: only.bytes)
    }
}
