// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The responses of one connection, in text.
struct HTTPText {
    let status: Int
    let fields: [(name: String, value: String)]
    let body: String

    subscript(name: String) -> String? {
        self.fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// Reads as many whole responses as `text` has; `isHead` says which of them have no body whatever they announce.
    static func responses(in text: String, areHeads: Bool = false) -> [HTTPText] {
        var rest = text[...]
        var responses: [HTTPText] = []
        while let end = rest.firstRange(of: "\r\n\r\n") {
            let lines = rest[..<end.lowerBound].split(separator: "\r\n")
            let fields = lines.dropFirst().map { line in
                let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                return (name: String(parts[0]), value: String(parts.last?.drop { $0 == " " } ?? ""))
            }
            let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            let length = fields.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) }
            let after = rest[end.upperBound...]
            let isChunked = fields.contains { $0.name.lowercased() == "transfer-encoding" }
            let count = areHeads ? 0 : length ?? (isChunked ? after.utf8.count : 0)
            let body = after.utf8.prefix(count)
            responses.append(HTTPText(status: status, fields: fields, body: String(body) ?? ""))
            rest = after[body.endIndex...]
        }
        return responses
    }

    /// The parts of a chunked body, one after the other.
    var unchunked: String {
        var rest = self.body.utf8[...]
        var text = ""
        while let end = rest.firstIndex(of: 0x0D), let size = Int(String(rest[..<end]) ?? "", radix: 16), size > 0 {
            let start = rest.index(end, offsetBy: 2)
            guard let stop = rest.index(start, offsetBy: size, limitedBy: rest.endIndex) else { break }
            text += String(rest[start..<stop]) ?? ""
            rest = rest[stop...].dropFirst(2)
        }
        return text
    }
}
