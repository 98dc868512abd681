// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore

/// How an upload is written down: one object of JSON.
extension Upload {
    struct Damaged: Error {}

    var record: ByteBuffer {
        var record = ByteBuffer(string: #"{"version":1"#)
        record.writeMember("id", text: self.id.description)
        record.writeMember("owner", text: self.owner)
        record.writeMember("length", number: self.length)
        record.writeMember("name", text: self.name)
        record.writeMember("metadata", text: self.metadata)
        record.writeMember("created", number: self.created.milliseconds)
        record.writeMember("touched", number: self.touched.milliseconds)
        record.writeMember("state", text: self.state.rawValue)
        record.writeMember("thumbnail", text: self.thumbnail.rawValue)
        if let type { record.writeMember("type", text: type.mediaType) }
        if let size {
            record.writeMember("width", number: size.width)
            record.writeMember("height", number: size.height)
        }
        if self.isForMessage { record.writeMember("forMessage", number: 1) }
        record.writeString("}\n")
        return record
    }

    init(record: ByteBuffer) throws {
        let (texts, numbers) = try Self.members(record)
        guard numbers["version"] == 1, let id = texts["id"].flatMap({ UploadID($0) }), let owner = texts["owner"],
            let length = numbers["length"].flatMap({ Int(exactly: $0) }), let created = numbers["created"],
            let touched = numbers["touched"], let state = texts["state"].flatMap(State.init)
        else { throw Damaged() }
        self.init(
            id: id, owner: owner, length: length, name: texts["name"] ?? "", metadata: texts["metadata"] ?? "",
            created: Timestamp(milliseconds: created))
        self.touched = Timestamp(milliseconds: touched)
        self.state = state
        self.type = texts["type"].map(FileType.init(mediaType:))
        self.isForMessage = numbers["forMessage"] == 1
        self.thumbnail = texts["thumbnail"].flatMap(Thumbnail.init) ?? .none
        if let width = numbers["width"].flatMap({ Int(exactly: $0) }),
            let height = numbers["height"].flatMap({ Int(exactly: $0) })
        {
            self.size = PictureSize(width: width, height: height)
        }
    }

    private static func members(_ record: ByteBuffer) throws -> (texts: [String: String], numbers: [String: Int64]) {
        guard String(validating: record.readableBytesView, as: UTF8.self) != nil else { throw Damaged() }
        return try record.withJSONScanner { scanner in
            var texts: [String: String] = [:]
            var numbers: [String: Int64] = [:]
            try scanner.enterObject()
            while let name = try scanner.nextMember() {
                let key = name.string
                let value = try scanner.readValue()
                switch value.kind {
                case .string: texts[key] = scanner.text(of: value).string
                case .number: numbers[key] = scanner.integer(of: value)
                case .object, .array, .true, .false, .null: break
                }
            }
            try scanner.finish()
            return (texts, numbers)
        }
    }
}

extension ByteBuffer {
    fileprivate mutating func writeMember(_ name: String, text: String) {
        self.writeString(",")
        self.writeJSONString(name)
        self.writeString(":")
        self.writeJSONString(text)
    }

    fileprivate mutating func writeMember(_ name: String, number: some FixedWidthInteger) {
        self.writeString(",")
        self.writeJSONString(name)
        self.writeString(":")
        self.writeJSONInteger(number)
    }
}
