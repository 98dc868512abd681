// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore

/// The JSON of a packet, read in one pass. What it gives are slices of the text, which is handed in with each call: kept here it
/// would be counted for every packet.
struct SocketPayload {
    private let bytes: UnsafeRawBufferPointer
    private let start: Int
    private let limits: SocketPacketLimits
    /// Where the name of the event ends that was read.
    private(set) var nameEnd = 0

    /// - Parameters:
    ///   - bytes: the readable bytes of the text, borrowed.
    ///   - start: where the payload begins in them.
    init(_ bytes: UnsafeRawBufferPointer, from start: Int, limits: SocketPacketLimits) {
        self.bytes = bytes
        self.start = start
        self.limits = limits
    }

    mutating func read(as type: SocketPacketType, of text: ByteBuffer) throws(SocketViolation) -> SocketPacket.Kind {
        let kind: SocketPacket.Kind?
        do throws(JSONSyntaxError) {
            kind = try self.kind(as: type, text)
        } catch {
            throw SocketViolation(error)
        }
        guard let kind else {
            throw SocketViolation(.malformed, "the payload does not suit the type of the packet")
        }
        try self.check(kind.argumentCount)
        return kind
    }

    /// Reads the arguments of an event behind whose name the payload begins.
    func readArguments(of text: ByteBuffer) throws(SocketViolation) -> [RawArgument] {
        let arguments: [RawArgument]
        do throws(JSONSyntaxError) {
            var scanner = JSONScanner(self.bytes, behindElementEndingAt: self.start, depthLimit: self.limits.depth)
            arguments = try self.arguments(&scanner, text)
        } catch {
            throw SocketViolation(error)
        }
        try self.check(arguments.count)
        return arguments
    }

    private func check(_ argumentCount: Int) throws(SocketViolation) {
        guard argumentCount <= self.limits.arguments else {
            throw SocketViolation(.tooLarge, "more than \(self.limits.arguments) arguments")
        }
    }

    private mutating func kind(
        as type: SocketPacketType, _ text: ByteBuffer
    ) throws(JSONSyntaxError) -> SocketPacket.Kind? {
        switch type {
        case .connect: try self.connect(text)
        case .disconnect: self.isAbsent ? .disconnect : nil
        case .event, .binaryEvent: try self.event(text)
        case .ack, .binaryAck: try self.ack(text)
        case .connectError: try self.connectError(text)
        }
    }

    private var isAbsent: Bool { self.start >= self.bytes.count }

    private func connect(_ text: ByteBuffer) throws(JSONSyntaxError) -> SocketPacket.Kind? {
        guard !self.isAbsent else { return .connect(nil) }
        guard let (kind, argument) = try self.value(text), kind == .object else { return nil }
        return .connect(argument)
    }

    private func connectError(_ text: ByteBuffer) throws(JSONSyntaxError) -> SocketPacket.Kind? {
        guard let (kind, argument) = try self.value(text), kind == .object || kind == .string else { return nil }
        return .connectError(argument)
    }

    private mutating func event(_ text: ByteBuffer) throws(JSONSyntaxError) -> SocketPacket.Kind? {
        guard !self.isAbsent else { return .nothing }
        guard var scanner = try self.list(), try scanner.nextElement() else { return nil }
        let value = try scanner.readValue()
        guard let name = self.name(value, scanner) else { return nil }
        self.nameEnd = value.range.upperBound
        return .event(name, try self.arguments(&scanner, text))
    }

    private func ack(_ text: ByteBuffer) throws(JSONSyntaxError) -> SocketPacket.Kind? {
        guard !self.isAbsent else { return .ack([]) }
        guard var scanner = try self.list() else { return nil }
        return .ack(try self.arguments(&scanner, text))
    }
}

extension SocketPayload {
    private var scanner: JSONScanner { JSONScanner(self.bytes, from: self.start, depthLimit: self.limits.depth) }

    /// The payload as one value; nothing may stand before it.
    private func value(_ text: ByteBuffer) throws(JSONSyntaxError) -> (JSONValue.Kind, RawArgument)? {
        var scanner = self.scanner
        let value = try scanner.readValue()
        try scanner.finish()
        guard value.range.lowerBound == self.start, let argument = self.argument(value, text) else { return nil }
        return (value.kind, argument)
    }

    /// A scanner inside the array that the payload must be; nothing may stand before it.
    private func list() throws(JSONSyntaxError) -> JSONScanner? {
        guard !self.isAbsent, self.bytes[self.start] == UInt8(ascii: "[") else { return nil }
        var scanner = self.scanner
        try scanner.enterArray()
        return scanner
    }

    /// Stops at the first argument that is too many.
    private func arguments(
        _ scanner: inout JSONScanner, _ text: ByteBuffer
    ) throws(JSONSyntaxError) -> [RawArgument] {
        var arguments: [RawArgument] = []
        while try scanner.nextElement() {
            if let argument = self.argument(try scanner.readValue(), text) {
                // Most events have one; a literal takes the memory for one.
                if arguments.isEmpty { arguments = [argument] } else { arguments.append(argument) }
            }
            guard arguments.count <= self.limits.arguments else { return arguments }
        }
        try scanner.finish()
        return arguments
    }

    private func argument(_ value: JSONValue, _ text: ByteBuffer) -> RawArgument? {
        let start = text.readerIndex + value.range.lowerBound
        guard let bytes = text.getSlice(at: start, length: value.range.count) else { return nil }
        return RawArgument(.json, bytes: bytes)
    }

    private func name(_ value: JSONValue, _ scanner: JSONScanner) -> EventName? {
        switch value.kind {
        case .string:
            let name = EventName.string(scanner.text(of: value).string)
            return name.isReserved ? nil : name
        case .number:
            return .number(String(decoding: self.bytes[value.range], as: UTF8.self))
        case .object, .array, .true, .false, .null:
            return nil
        }
    }
}

extension SocketViolation {
    fileprivate init(_ error: JSONSyntaxError) {
        self.init(.malformed, "\(error.message) at byte \(error.offset)")
    }
}

extension SocketPacket.Kind {
    fileprivate var argumentCount: Int {
        switch self {
        case .event(_, let arguments), .ack(let arguments): arguments.count
        case .connect, .disconnect, .nothing, .connectError: 0
        }
    }
}
