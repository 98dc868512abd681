// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

extension ByteBuffer {
    /// `HTTP/1.1 200 OK` (RFC 9112 §4).
    mutating func writeStatusLine(_ status: Int) {
        self.writeStaticString("HTTP/1.1 ")
        self.writeString(String(status))
        self.writeStaticString(" ")
        self.writeStaticString(Self.reason(of: status))
        self.writeStaticString("\r\n")
    }

    /// One field line. A value that could begin another line is left out: it could smuggle fields, or a whole response.
    mutating func writeField(_ name: String, _ value: String) {
        guard !value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) else { return }
        self.writeString(name)
        self.writeStaticString(": ")
        self.writeString(value)
        self.writeStaticString("\r\n")
    }

    /// One chunk of a chunked body (RFC 9112 §7.1).
    mutating func writeChunk(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        self.writeString(String(bytes.readableBytes, radix: 16))
        self.writeStaticString("\r\n")
        self.writeImmutableBuffer(bytes)
        self.writeStaticString("\r\n")
    }

    private static func reason(of status: Int) -> StaticString {
        switch status {
        case 101: "Switching Protocols"
        case 200: "OK"
        case 201: "Created"
        case 204: "No Content"
        case 206: "Partial Content"
        case 302: "Found"
        case 304: "Not Modified"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        case 416: "Range Not Satisfiable"
        case 417: "Expectation Failed"
        case 422: "Unprocessable Content"
        case 423: "Locked"
        case 426: "Upgrade Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 460: "Checksum Mismatch"
        case 500: "Internal Server Error"
        case 503: "Service Unavailable"
        case 507: "Insufficient Storage"
        case 505: "HTTP Version Not Supported"
        default: "Status"
        }
    }
}
