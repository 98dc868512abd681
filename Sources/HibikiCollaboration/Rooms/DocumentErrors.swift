// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWire

extension DocumentEnd {
    /// The same for those who have asked for something.
    public var wireError: WireError {
        switch self {
        case .malformed(let words): WireError(.invalidMessage, words)
        case .unavailable: WireError(.overloaded, "the document cannot be read or stored now; try again in a moment")
        case .full: WireError(.limitExceeded, "the document takes all the room that one may take")
        case .otherKind(let kind): WireError(.conflict, "this document is \(kind.words), and is opened as that alone")
        case .replaced: WireError(.conflict, "you have opened this document again under the same name")
        case .deleted: WireError(.notFound, "the document was deleted")
        }
    }
}

extension DocumentRefusal {
    var wireError: WireError { self.end.wireError }
}
