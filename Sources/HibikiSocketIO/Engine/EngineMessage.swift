// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiSocketIOCodec
package import NIOCore
import Synchronization

/// One packet on its way to clients: its parts, and the bytes of each wire form that somebody has asked for, made once.
package final class EngineMessage: Sendable {
    package let packet: EncodedPacket
    /// Whether it is worth compressing; `compress(false)` says no.
    package let isCompressible: Bool
    private let forms = Mutex<[(form: EngineForm, bytes: ByteBuffer)]>([])

    package init(_ packet: EncodedPacket, isCompressible: Bool = true) {
        self.packet = packet
        self.isCompressible = isCompressible
    }

    /// The bytes in a form, made by `make` for the first who asks.
    package func bytes(in form: EngineForm, make: (EngineMessage, inout ByteBuffer) -> Void) -> ByteBuffer {
        self.forms.withLock { forms in
            if let known = forms.first(where: { $0.form == form }) {
                return known.bytes
            }
            var bytes = ByteBuffer()
            make(self, &bytes)
            forms.append((form, bytes))
            return bytes
        }
    }
}

/// A way of writing messages that many connections have in common.
package struct EngineForm: Hashable, Sendable {
    package var version: EngineVersion
    /// Binary messages as base64 text, for clients that cannot take binary.
    package var isBase64: Bool
    /// The window of permessage-deflate; `nil` without compression.
    package var windowBits: Int?

    package init(version: EngineVersion, isBase64: Bool, windowBits: Int?) {
        self.version = version
        self.isBase64 = isBase64
        self.windowBits = windowBits
    }
}

/// Messages that go to the same sockets, one after the other, in one turn of an event loop: one write for each socket,
/// however many they are.
package final class EngineBatch {
    package let messages: [EngineMessage]
    package let isVolatile: Bool
    private var forms: [(form: EngineForm, bytes: ByteBuffer)] = []

    package init(_ messages: [EngineMessage], isVolatile: Bool = false) {
        self.messages = messages
        self.isVolatile = isVolatile
    }

    package func bytes(in form: EngineForm, make: (EngineMessage, inout ByteBuffer) -> Void) -> ByteBuffer {
        if self.messages.count == 1, let only = self.messages.first {
            return only.bytes(in: form, make: make)
        }
        if let known = self.forms.first(where: { $0.form == form }) {
            return known.bytes
        }
        var bytes = ByteBuffer()
        for message in self.messages {
            bytes.writeImmutableBuffer(message.bytes(in: form, make: make))
        }
        self.forms.append((form, bytes))
        return bytes
    }
}

@available(*, unavailable)
extension EngineBatch: Sendable {}
