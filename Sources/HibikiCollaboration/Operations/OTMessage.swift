// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiOT

/// What a client says.
enum OTMessage<Operation: OTOperation> {
    /// What it knows of the document: nothing, or a revision of a document.
    case hello(known: Known?)
    case submit(Operation, revision: Int, sequence: Int)
    /// `nil` to show no selection any more.
    case select(OTSelection?, revision: Int)

    struct Known {
        let revision: Int
        let incarnation: String
    }

    init(json: [UInt8], limits: OTLimits) throws(DocumentRefusal) {
        let value = try DocumentRefusal.reading { () throws(OTError) in try OTValue(json: json, limits: limits) }
        switch value["type"]?.string {
        case "hello": self = .hello(known: try Known(value))
        case "submit":
            let operation = try DocumentRefusal.reading { () throws(OTError) in
                try Operation(value["operation"] ?? .null, limits: limits)
            }
            self = .submit(
                operation, revision: try value.count("revision"), sequence: try value.count("sequence"))
        case "select": self = .select(try Self.selection(value), revision: try value.count("revision"))
        default: throw .malformed("\"type\" is none of hello, submit and select")
        }
    }

    private static func selection(_ value: OTValue) throws(DocumentRefusal) -> OTSelection? {
        guard let selection = value["selection"], selection != .null else { return nil }
        return try DocumentRefusal.reading { () throws(OTError) in try OTSelection(selection) }
    }
}

extension OTMessage.Known {
    fileprivate init?(_ value: OTValue) throws(DocumentRefusal) {
        guard let revision = value["revision"], revision != .null else { return nil }
        guard let incarnation = value["incarnation"]?.string else {
            throw .malformed("\"incarnation\" is not a string")
        }
        self.init(revision: try value.count("revision"), incarnation: incarnation)
    }
}

extension OTValue {
    fileprivate func count(_ key: String) throws(DocumentRefusal) -> Int {
        guard let count = self[key]?.integer, count >= 0 else {
            throw .malformed("\"\(key)\" is not a whole number from zero on")
        }
        return count
    }
}
