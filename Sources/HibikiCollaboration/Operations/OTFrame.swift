// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiOT

/// Objects of JSON that say first what they are, on the wire and where they are stored: `{"type":"text",…`
enum OTFrame {
    /// How the bytes of a type begin.
    static func opening(_ type: String) -> [UInt8] { Array(#"{"type":"\#(type)","#.utf8) }

    /// - Parameter members: an object with one member at least.
    static func make(_ type: String, _ members: OTValue) -> [UInt8] { self.make(type, json: members.json) }

    /// The same of an object that is JSON already.
    static func make(_ type: String, json: [UInt8]) -> [UInt8] { self.opening(type) + json.dropFirst() }

    /// - Parameter sequence: the operation that the error is about.
    static func error(_ error: OTProblem, sequence: Int? = nil) -> [UInt8] {
        let about = sequence.map { OTValue($0) } ?? .null
        return self.make(
            "error",
            [
                "code": OTValue(error.code), "message": OTValue(error.words), "reload": .bool(error.needsReload),
                "sequence": about,
            ])
    }
}

/// What is wrong with something that a client asks for, who stays in the document.
struct OTProblem {
    let code: String
    let words: String
    /// Whether the client is to load the document anew, without what was not confirmed.
    let needsReload: Bool
}

extension OTProblem {
    static let readOnly = OTProblem(
        code: "permission-denied", words: "you may read this document, and not write it", needsReload: true)
    static let notGreeted = OTProblem(
        code: "hello-first", words: "say with hello what you know of the document", needsReload: true)
    static let full = OTProblem(
        code: "document-full", words: "the document takes all the room that one may take", needsReload: true)
    static let anotherDocument = OTProblem(
        code: "another-document", words: "the document was deleted and made anew", needsReload: true)

    /// What is wrong with an operation. It will not be taken as it is, so that the client's document is not as the server's any more.
    init(ofOperation error: OTError) {
        self.init(code: "\(error.code)", words: "\(error)", needsReload: true)
    }

    init(_ error: OTError) {
        self.init(code: "\(error.code)", words: "\(error)", needsReload: error.needsReload)
    }
}
