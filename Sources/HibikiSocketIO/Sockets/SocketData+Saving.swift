// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
package import NIOCore

/// A value as it was saved. It becomes one of its type when somebody asks for it, because only they know the type.
struct SavedValue: Sendable {
    let text: ByteBuffer

    func value<Value>(as type: Value.Type) -> Value? {
        guard let type = type as? any Decodable.Type else { return nil }
        let argument = Arguments([RawArgument(.json, bytes: self.text)])
        return (try? argument.decode(type, at: 0)) as? Value
    }
}

extension SocketData {
    /// The values that can be saved: those that are `Encodable`, without binary data.
    package var texts: [(name: String, text: ByteBuffer)] {
        let encoder = ArgumentEncoder()
        return self.all.compactMap { name, value in
            if let saved = value as? SavedValue { return (name, saved.text) }
            guard let value = value as? any Encodable, let json = try? encoder.encode(value) else { return nil }
            var text = ByteBuffer()
            var attachments: [ByteBuffer] = []
            json.write(to: &text, attachments: &attachments)
            return attachments.isEmpty ? (name, text) : nil
        }
    }

    package convenience init(texts: [(name: String, text: ByteBuffer)]) {
        self.init(Dictionary(texts.map { ($0.name, SavedValue(text: $0.text)) }, uniquingKeysWith: { $1 }))
    }
}
