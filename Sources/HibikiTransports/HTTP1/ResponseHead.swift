// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// The head of a response, before it is known in which form it leaves.
struct ResponseHead {
    /// How a reader finds the end of the body.
    enum Framing: Equatable {
        /// There is none.
        case none
        case length(Int)
        case chunked
        /// By the end of the connection, or because the form has ends of its own.
        case end
    }

    /// What HTTP/1.x says about the connection after the response.
    enum Persistence: String {
        case close
        case keepAlive = "keep-alive"
    }

    var status: Int
    var fields: [(name: String, value: String)]
    /// What CORS and the like add.
    var extraFields: [(name: String, value: String)] = []
    var framing: Framing
    var persistence: Persistence?
}

extension Connection {
    /// Writes the head of a response, and the body with it if that is there already.
    func write(_ head: ResponseHead, body: ByteBuffer? = nil) {
        if let stream = self.stream {
            self.write(head, body: body, on: stream)
            return
        }
        self.write { output in
            output.writeStatusLine(head.status)
            output.writeField("Date", self.loop.date)
            for field in head.fields {
                output.writeField(field.name, field.value)
            }
            for field in head.extraFields {
                output.writeField(field.name, field.value)
            }
            if let persistence = head.persistence {
                output.writeField("Connection", persistence.rawValue)
            }
            switch head.framing {
            case .none, .end: break
            case .length(let length): output.writeString("Content-Length: \(length)\r\n")
            case .chunked: output.writeStaticString("Transfer-Encoding: chunked\r\n")
            }
            output.writeStaticString("\r\n")
            if let body { output.writeImmutableBuffer(body) }
        }
    }

    private func write(_ head: ResponseHead, body: ByteBuffer?, on stream: HTTP2StreamHandler) {
        self.handOver()
        var fields = [(name: "Date", value: self.loop.date)] + head.fields + head.extraFields
        if case .length(let length) = head.framing { fields.append(("Content-Length", String(length))) }
        stream.write(status: head.status, fields: fields)
        self.markDirty()
        if let body, body.readableBytes > 0 { self.write(shared: body) }
    }
}
