// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore

/// An event or ack whose text has come, and what is still missing of it.
struct PendingSocketPacket {
    private var packet: SocketPacket
    private let attachmentCount: Int
    private var attachments: [ByteBuffer] = []
    private var byteBudget: Int
    let deadline: NIODeadline

    init(_ packet: SocketPacket, attachmentCount: Int, byteBudget: Int, deadline: NIODeadline) {
        self.packet = packet
        self.attachmentCount = attachmentCount
        self.byteBudget = byteBudget
        self.deadline = deadline
    }

    var namespace: String { self.packet.namespace }

    var isComplete: Bool { self.attachments.count >= self.attachmentCount }

    /// `false` if the packet would have more bytes than it may.
    mutating func add(_ attachment: ByteBuffer) -> Bool {
        guard attachment.readableBytes <= self.byteBudget else { return false }
        self.byteBudget -= attachment.readableBytes
        self.attachments.append(attachment)
        return true
    }

    /// Joins the arguments with the attachments. Every placeholder must stand for one of these; not every one of
    /// these needs a placeholder, and several placeholders may share one.
    consuming func completed() throws(SocketViolation) -> SocketPacket {
        switch self.packet.kind {
        case .event(let name, let arguments): self.packet.kind = .event(name, try self.joined(arguments))
        case .ack(let arguments): self.packet.kind = .ack(try self.joined(arguments))
        case .connect, .disconnect, .nothing, .connectError: break
        }
        return self.packet
    }

    private func joined(_ arguments: [RawArgument]) throws(SocketViolation) -> [RawArgument] {
        var joined = arguments
        for index in joined.indices {
            guard self.allPlaceholdersAreLegal(in: joined[index].bytes) else {
                throw SocketViolation(.illegalAttachment, "a placeholder stands for no attachment of the packet")
            }
            joined[index].attachments = self.attachments
        }
        return joined
    }

    private func allPlaceholdersAreLegal(in value: ByteBuffer) -> Bool {
        guard let placeholders = try? value.placeholders() else { return false }
        return placeholders.allSatisfy { placeholder in
            placeholder.number.map(self.attachments.indices.contains) ?? false
        }
    }
}
