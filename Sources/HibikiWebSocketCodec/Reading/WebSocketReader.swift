// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// Reads the frames of RFC 6455: bytes in, events out.
///
/// ```swift
/// while let event = try reader.next(&input, deflate: contexts) { … }
/// ```
///
/// A frame that is whole in `input` is unmasked there and handed out as a slice, without a copy, as long as nobody else
/// holds `input`'s storage. Of a frame that is not whole the reader keeps what came. After a close frame or a violation
/// all further bytes are dropped.
public struct WebSocketReader: Sendable {
    public let role: WebSocketRole
    /// May be changed between messages.
    public var limits: WebSocketLimits
    /// What was negotiated; `nil` makes RSV1 a violation.
    public let compression: PermessageDeflate.Agreement?
    /// Whether a close frame or a violation ended the stream.
    public private(set) var isFinished = false
    /// At most one. An array, because it is a copy-on-write box that costs an idle reader eight bytes.
    private var assembly: [MessageAssembly] = []

    public init(
        role: WebSocketRole, limits: WebSocketLimits = WebSocketLimits(),
        compression: PermessageDeflate.Agreement? = nil
    ) {
        self.role = role
        self.limits = limits
        self.compression = compression
    }

    /// Whether the reader stands between two messages and keeps no bytes.
    public var isIdle: Bool {
        self.assembly.isEmpty
    }

    /// The next event in `input`, or `nil` when all of `input` is consumed and more is needed.
    ///
    /// - Parameters:
    ///   - input: What came from the peer. Its readable bytes are changed in place.
    ///   - deflate: Inflates messages where the peer keeps no context between messages.
    ///   - inflater: Inflates messages where the peer does; belongs to this connection alone.
    /// - Throws: What the connection is to be failed with (RFC 6455 §7.1.7). It is thrown once.
    public mutating func next(
        _ input: inout ByteBuffer, deflate: DeflateContexts? = nil, inflater: InflateStream? = nil
    ) throws(ProtocolViolation) -> WebSocketEvent? {
        guard !self.isFinished else {
            input.moveReaderIndex(to: input.writerIndex)
            return nil
        }
        do throws(ProtocolViolation) {
            let event = try self.advance(&input, deflate, inflater)
            if case .close = event { self.finish() }
            return event
        } catch {
            self.finish()
            throw error
        }
    }

    private mutating func finish() {
        self.isFinished = true
        self.assembly = []
    }

    private mutating func advance(
        _ input: inout ByteBuffer, _ deflate: DeflateContexts?, _ inflater: InflateStream?
    ) throws(ProtocolViolation) -> WebSocketEvent? {
        while true {
            if self.assembly.first?.frame == nil {
                guard let header = try self.readHeader(&input) else { return nil }
                if self.isWhole(header, in: input) {
                    let payload = input.readUnmasked(header.length, key: header.key)
                    guard !header.opcode.isControl else { return try Self.control(header.opcode, payload) }
                    return try self.message(header.opcode, payload, header.isCompressed, deflate, inflater)
                }
                if self.assembly.isEmpty { self.assembly = [MessageAssembly()] }
                self.assembly[0].begin(header)
            }
            guard try self.assembly[0].absorb(&input) else { return nil }
            switch self.assembly[0].finishFrame() {
            case .fragment:
                continue
            case .control(let opcode, let payload):
                self.releaseAssembly()
                return try Self.control(opcode, payload)
            case .message(let message):
                self.releaseAssembly()
                guard message.isCompressed || message.text.isComplete else { throw .invalidUTF8 }
                guard message.isCompressed else { return Self.data(message.opcode, message.payload) }
                return try self.message(message.opcode, message.payload, true, deflate, inflater)
            }
        }
    }

    /// Whether the frame can be handed out from `input` as it is.
    private func isWhole(_ header: FrameHeader, in input: ByteBuffer) -> Bool {
        guard header.length <= input.readableBytes else { return false }
        return header.opcode.isControl || (header.isFinal && header.opcode != .continuation)
    }

    private mutating func releaseAssembly() {
        if self.assembly.first?.message == nil { self.assembly = [] }
    }

    // MARK: Headers

    private mutating func readHeader(_ input: inout ByteBuffer) throws(ProtocolViolation) -> FrameHeader? {
        guard input.readableBytes > 0 else { return nil }
        let rules = FrameRules(
            role: self.role, allowsCompression: self.compression != nil, limits: self.limits,
            message: self.assembly.first?.message
        )
        guard let assembly = self.assembly.first, assembly.headerBytes.readableBytes > 0 else {
            if let header = try rules.header(in: input) {
                input.moveReaderIndex(forwardBy: header.size)
                return header
            }
            self.keepHeader(ByteBuffer(bytes: input.readableBytesView))
            input.moveReaderIndex(to: input.writerIndex)
            return nil
        }
        return try self.completeHeader(assembly.headerBytes, &input, rules)
    }

    /// Goes on with a header of which an earlier read had the beginning.
    private mutating func completeHeader(
        _ beginning: ByteBuffer, _ input: inout ByteBuffer, _ rules: FrameRules
    ) throws(ProtocolViolation) -> FrameHeader? {
        var bytes = beginning
        while let byte = input.readInteger(as: UInt8.self) {
            bytes.writeInteger(byte)
            guard let header = try rules.header(in: bytes) else { continue }
            self.keepHeader(ByteBuffer())
            self.releaseAssembly()
            return header
        }
        self.keepHeader(bytes)
        return nil
    }

    private mutating func keepHeader(_ bytes: ByteBuffer) {
        if self.assembly.isEmpty { self.assembly = [MessageAssembly()] }
        self.assembly[0].headerBytes = bytes
    }

    // MARK: Events

    private static func control(
        _ opcode: WebSocketOpcode, _ payload: ByteBuffer
    ) throws(ProtocolViolation) -> WebSocketEvent {
        switch opcode {
        case .ping: .ping(payload)
        case .pong: .pong(payload)
        default: .close(try WebSocketCloseFrame(parsing: payload))
        }
    }

    private static func data(_ opcode: WebSocketOpcode, _ payload: ByteBuffer) -> WebSocketEvent {
        opcode == .text ? .text(payload) : .binary(payload)
    }

    private func message(
        _ opcode: WebSocketOpcode, _ payload: ByteBuffer, _ isCompressed: Bool,
        _ deflate: DeflateContexts?, _ inflater: InflateStream?
    ) throws(ProtocolViolation) -> WebSocketEvent {
        let payload = isCompressed ? try self.inflate(payload, deflate, inflater) : payload
        if opcode == .text {
            guard payload.withUnsafeReadableBytes({ UTF8Validator.isValid($0) }) else { throw .invalidUTF8 }
        }
        return Self.data(opcode, payload)
    }

    private func inflate(
        _ payload: ByteBuffer, _ deflate: DeflateContexts?, _ inflater: InflateStream?
    ) throws(ProtocolViolation) -> ByteBuffer {
        guard let compression else { throw .unexpectedCompression }
        if compression.keepsContext(of: self.role == .server ? .client : .server) {
            guard let inflater else { throw .noInflater }
            return try inflater.inflate(payload, limit: self.limits.messageBytes)
        }
        guard let deflate else { throw .noInflater }
        return try deflate.inflate(payload, limit: self.limits.messageBytes)
    }
}

extension ByteBuffer {
    /// Reads `length` bytes, which must be there, without their mask: in place where nobody else holds the storage,
    /// otherwise as a copy, because copying all of the rest for each frame would make a read of many frames quadratic.
    fileprivate mutating func readUnmasked(_ length: Int, key: UInt32) -> ByteBuffer {
        guard key != 0, length > 0 else { return self.readSlice(length: length) ?? ByteBuffer() }
        let isUnmasked: Void? = self.modifyIfUniquelyOwned { buffer in
            buffer.withUnsafeMutableReadableBytes { bytes in
                Masking.apply(key, to: UnsafeMutableRawBufferPointer(rebasing: bytes.prefix(length)))
            }
        }
        guard isUnmasked == nil else { return self.readSlice(length: length) ?? ByteBuffer() }
        var copy = ByteBufferAllocator().buffer(capacity: length)
        copy.appendUnmasked(length, of: &self, key: key)
        return copy
    }
}
