// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiWire
import NIOCore

/// A message as programs know it that were written for plain Socket.IO: beside its own members it has `from`, `text` and `room`.
enum GuideMessage {
    private static let others = [("userId", "from"), ("content", "text"), ("roomId", "room")]

    /// - Parameter payload: one JSON object; of any other event it is left as it is.
    static func complete(_ event: String, _ payload: ByteBuffer) -> ByteBuffer {
        guard event == ChatEventName.message.rawValue, let members = try? self.members(of: payload) else {
            return payload
        }
        let bytes = payload.readableBytesView
        guard let end = bytes.lastIndex(of: UInt8(ascii: "}")) else { return payload }
        var longer = ByteBuffer(bytes: bytes[..<end])
        for (name, other) in self.others {
            guard let value = members[name],
                let text = payload.getSlice(at: payload.readerIndex + value.lowerBound, length: value.count)
            else { continue }
            longer.writeString(",\"\(other)\":")
            longer.writeImmutableBuffer(text)
        }
        longer.writeStaticString("}")
        return longer
    }

    /// Where the values stand that are written again.
    private static func members(of payload: ByteBuffer) throws(JSONSyntaxError) -> [String: Range<Int>] {
        try payload.withJSONScanner { scanner throws(JSONSyntaxError) in
            var members: [String: Range<Int>] = [:]
            try scanner.enterObject()
            while let name = try scanner.nextMember() {
                let value = try scanner.readValue()
                members[name.string] = value.range
            }
            try scanner.finish()
            return members
        }
    }
}
