// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiSocketIOCodec
import Hummingbird
import NIOCore

extension Response {
    /// An answer that says how things are now, which nobody may keep.
    static func json(_ json: JSON, status: HTTPResponse.Status = .ok) -> Response {
        var body = ByteBuffer()
        var attachments: [ByteBuffer] = []
        json.write(to: &body, attachments: &attachments)
        return Self.json(body, status: status)
    }

    static func json(_ body: ByteBuffer, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: body))
    }
}

extension JSON {
    /// `null` for what is not there.
    static func text(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }
    static func count(_ number: some BinaryInteger) -> JSON { .integer(Int64(clamping: number)) }
}
