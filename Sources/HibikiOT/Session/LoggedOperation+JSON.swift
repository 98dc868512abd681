// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// One form for what is sent and what is stored: {"client": "…", "sequence": 3, "revision": 41, "operation": […]}
extension Submission {
    /// Reads the form that ``value`` gives.
    public init(_ value: OTValue, limits: OTLimits = .standard) throws(OTError) {
        self.init(try value.operation(limits), revision: try value.number("revision"), id: try OperationID(value))
    }

    /// `{"client": "…", "sequence": 3, "revision": 41, "operation": …}`, where the revision is the one that the operation
    /// was made for.
    public var value: OTValue { self.id.value(self.operation.value, revision: self.revision) }
}

extension LoggedOperation {
    /// Reads the form that ``value`` gives.
    public init(_ value: OTValue, limits: OTLimits = .standard) throws(OTError) {
        self.init(try value.operation(limits), revision: try value.number("revision"), id: try OperationID(value))
    }

    /// `{"client": "…", "sequence": 3, "revision": 42, "operation": …}`, where the revision is the one that the operation
    /// made.
    public var value: OTValue { self.id.value(self.operation.value, revision: self.revision) }
}

extension RevisionLog.Snapshot {
    /// Reads the form that ``value`` gives.
    public init(_ value: OTValue, limits: OTLimits = .document) throws(OTError) {
        guard let document = value["document"] else { throw .invalidDocument("a snapshot has a document") }
        self.init(try Operation.Document(document, limits: limits), revision: try value.number("revision"))
    }

    /// `{"document": …, "revision": 42}`
    public var value: OTValue { ["document": self.document.value, "revision": OTValue(self.revision)] }
}

extension OperationID {
    fileprivate init(_ value: OTValue) throws(OTError) {
        guard let client = value["client"]?.string else { throw .invalidOperation("\"client\" is not a string") }
        self.init(client: client, sequence: try value.number("sequence"))
    }

    fileprivate func value(_ operation: OTValue, revision: Int) -> OTValue {
        [
            "client": OTValue(self.client), "sequence": OTValue(self.sequence), "revision": OTValue(revision),
            "operation": operation,
        ]
    }
}

extension OTValue {
    fileprivate func number(_ key: String) throws(OTError) -> Int {
        guard let number = self[key]?.integer, number >= 0 else {
            throw .invalidOperation("\"\(key)\" is not a whole number from zero on")
        }
        return number
    }

    fileprivate func operation<Operation: OTOperation>(_ limits: OTLimits) throws(OTError) -> Operation {
        guard let operation = self["operation"] else { throw .invalidOperation("\"operation\" is missing") }
        return try Operation(operation, limits: limits)
    }
}
