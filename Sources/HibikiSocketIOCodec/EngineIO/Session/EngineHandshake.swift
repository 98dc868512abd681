// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
public import NIOCore

/// The first packet of a session, in which the server tells its terms.
public struct EngineHandshake: Hashable, Sendable {
    public var sid: String
    /// The transports that the client may change to.
    public var upgrades: [EngineTransport]
    /// Told to the client in milliseconds.
    public var pingInterval: TimeAmount
    /// Told to the client in milliseconds.
    public var pingTimeout: TimeAmount
    /// The most bytes that a message or a polling body of the client may have.
    public var maxPayload: Int

    public init(
        sid: String, upgrades: [EngineTransport], pingInterval: TimeAmount = .seconds(25),
        pingTimeout: TimeAmount = .seconds(20), maxPayload: Int = 1_000_000
    ) {
        self.sid = sid
        self.upgrades = upgrades
        self.pingInterval = pingInterval
        self.pingTimeout = pingTimeout
        self.maxPayload = maxPayload
    }

    /// The packet, for a payload or a frame: `0{"sid":…,"upgrades":[…],"pingInterval":…,"pingTimeout":…,"maxPayload":…}`.
    public var packet: EnginePacket {
        var json = ByteBuffer()
        json.writeStaticString("{\"sid\":")
        json.writeJSONString(self.sid)
        json.writeStaticString(",\"upgrades\":[")
        for (index, transport) in self.upgrades.enumerated() {
            if index > 0 { json.writeStaticString(",") }
            json.writeJSONString(transport.rawValue)
        }
        json.writeStaticString("],\"pingInterval\":")
        json.writeJSONInteger(self.pingInterval.nanoseconds / 1_000_000)
        json.writeStaticString(",\"pingTimeout\":")
        json.writeJSONInteger(self.pingTimeout.nanoseconds / 1_000_000)
        json.writeStaticString(",\"maxPayload\":")
        json.writeJSONInteger(self.maxPayload)
        json.writeStaticString("}")
        return EnginePacket(.open, payload: json)
    }

    /// Writes the packet as the payload of a text frame.
    public func write(into frame: inout ByteBuffer) {
        frame.writeEngineText(self.packet)
    }
}
