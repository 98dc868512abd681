// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// Reads an event stream as the HTML standard interprets it ("Interpreting an event stream"), from pieces that
/// may end anywhere.
///
/// An event that the stream did not close with a blank line is never given. After an error the stream is of no
/// more use.
public struct ServerSentEventParser: Sendable {
    /// The id to send as `Last-Event-ID` when connecting again; empty if the stream gave none.
    public private(set) var lastEventID: String
    /// How long the server asked to wait before connecting again, in milliseconds.
    public private(set) var reconnectionTime: Int?

    private let limit: Int
    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var event = ""
    /// The id that counts from the next blank line on.
    private var id: String
    private var isAtFirstLine = true
    /// A CR ended the last line; an LF that follows belongs to it.
    private var isAfterCarriageReturn = false

    /// - Parameters:
    ///   - lastEventID: what an earlier stream ended with.
    ///   - limit: bytes that one line or the data of one event may have, 1 MiB by default.
    public init(lastEventID: String = "", limit: Int = 1 << 20) {
        self.lastEventID = lastEventID
        self.id = lastEventID
        self.limit = limit
    }

    /// Takes the next bytes and gives the events that they complete.
    public mutating func parse(_ bytes: ByteBuffer) throws(ServerSentEventTooLarge) -> [ServerSentEvent] {
        try bytes.withUnsafeReadableBytes { bytes throws(ServerSentEventTooLarge) in
            var events: [ServerSentEvent] = []
            var rest = bytes[...]
            if self.isAfterCarriageReturn, let first = rest.first {
                if first == 0x0A { rest.removeFirst() }
                self.isAfterCarriageReturn = false
            }
            while let end = rest.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
                try self.append(rest[..<end])
                if let event = self.endLine() { events.append(event) }
                let isCarriageReturn = rest[end] == 0x0D
                rest = rest[(end + 1)...]
                guard isCarriageReturn else { continue }
                if rest.first == 0x0A { rest.removeFirst() } else { self.isAfterCarriageReturn = rest.isEmpty }
            }
            try self.append(rest)
            return events
        }
    }

    private mutating func append(_ part: Slice<UnsafeRawBufferPointer>) throws(ServerSentEventTooLarge) {
        guard part.count <= self.limit - self.line.count, self.line.count + part.count <= self.limit - self.data.count
        else {
            throw ServerSentEventTooLarge(limit: self.limit)
        }
        self.line.append(contentsOf: part)
    }

    private mutating func endLine() -> ServerSentEvent? {
        var line = self.line[...]
        if self.isAtFirstLine, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
        self.isAtFirstLine = false
        defer { self.line.removeAll(keepingCapacity: true) }
        guard !line.isEmpty else { return self.dispatch() }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        self.take(value, for: line[..<colon])
        return nil
    }

    /// A comment is a field without a name, and falls through like any that is not known.
    private mutating func take(_ value: ArraySlice<UInt8>, for field: ArraySlice<UInt8>) {
        switch String(decoding: field, as: UTF8.self) {
        case "data":
            self.data.append(contentsOf: value)
            self.data.append(0x0A)
        case "event":
            self.event = String(decoding: value, as: UTF8.self)
        case "id" where !value.contains(0):
            self.id = String(decoding: value, as: UTF8.self)
        case "retry" where value.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }:
            self.reconnectionTime = Int(String(decoding: value, as: UTF8.self)) ?? self.reconnectionTime
        default:
            break
        }
    }

    private mutating func dispatch() -> ServerSentEvent? {
        self.lastEventID = self.id
        defer {
            self.event = ""
            self.data.removeAll(keepingCapacity: true)
        }
        guard !self.data.isEmpty else { return nil }
        return ServerSentEvent(
            id: self.id,
            event: self.event.isEmpty ? "message" : self.event,
            data: ByteBuffer(bytes: self.data.dropLast())
        )
    }
}
