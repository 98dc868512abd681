// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// `Upload-Metadata` (tus 1.0, "Creation"): pairs of a name and a value in base 64, separated by commas.
public struct TusMetadata: Equatable, Sendable {
    private static let mostPairs = 32

    public private(set) var values: [String: String] = [:]

    public init() {}

    /// Names are ASCII without spaces and commas, and stand once; a value may be left out, and is UTF-8 otherwise.
    public init(_ text: String) throws(UploadRefusal) {
        let pairs = text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard pairs.count <= Self.mostPairs else { throw .invalid("Upload-Metadata has too many pairs") }
        for pair in pairs {
            let words = pair.split(separator: UInt8(ascii: " "))
            guard let name = words.first, words.count <= 2, name.allSatisfy({ (0x21...0x7E) ~= $0 }) else {
                throw .invalid("Upload-Metadata is not a list of names and values")
            }
            guard let bytes = words.count == 2 ? Base64.decode(words[1]) : [],
                let value = String(validating: bytes, as: UTF8.self)
            else { throw .invalid("a value in Upload-Metadata is not UTF-8 in base 64") }
            guard self.values.updateValue(value, forKey: String(decoding: name, as: UTF8.self)) == nil else {
                throw .invalid("a name stands twice in Upload-Metadata")
            }
        }
    }

    /// What the file is called: `filename`, as most clients say it, or `name`.
    public var fileName: String { self.values["filename"] ?? self.values["name"] ?? "" }

    /// `for` with the value `message`: the file is of no use beside a message that carries it.
    public var isForMessage: Bool { self.values["for"].map { $0.utf8.elementsEqual("message".utf8) } ?? false }
}
