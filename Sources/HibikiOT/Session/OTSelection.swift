// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What a user has selected: `{"ranges": [{"anchor": 3, "head": 7}]}`, positions in UTF-16 units.
public struct OTSelection: Hashable, Sendable {
    public struct Range: Hashable, Sendable {
        /// Where the selection began.
        public let anchor: Int
        /// Where the cursor is; the same as the anchor if nothing is selected.
        public let head: Int

        public init(anchor: Int, head: Int) {
            self.anchor = anchor
            self.head = head
        }
    }

    /// As many as one selection may have.
    public static let mostRanges = 1000

    public let ranges: [Range]

    public init(_ ranges: [Range]) { self.ranges = ranges }
    public init(cursor position: Int) { self.ranges = [Range(anchor: position, head: position)] }

    public init(_ value: OTValue) throws(OTError) {
        guard case .array(let parts)? = value["ranges"] else {
            throw .invalidOperation("a selection is an object with an array under \"ranges\"")
        }
        guard parts.count <= Self.mostRanges else { throw .limitExceeded("the number of ranges", Self.mostRanges) }
        var ranges: [Range] = []
        for part in parts {
            guard let anchor = part["anchor"]?.integer, let head = part["head"]?.integer, anchor >= 0, head >= 0 else {
                throw .invalidOperation("a range has an anchor and a head, whole numbers from zero on")
            }
            ranges.append(Range(anchor: anchor, head: head))
        }
        self.ranges = ranges
    }

    public var value: OTValue {
        ["ranges": .array(self.ranges.map { ["anchor": OTValue($0.anchor), "head": OTValue($0.head)] })]
    }

    /// Where it is after an operation.
    public func transformed(by operation: some OTOperation) -> OTSelection {
        self.moved { operation.transform(position: $0, staysBefore: false) }
    }

    /// Where the selection of another client is in the document of this one.
    public func inDocument<Operation>(of client: OTClient<Operation>) -> OTSelection {
        self.moved { client.position(ofRemote: $0) }
    }

    private func moved(_ move: (Int) -> Int) -> OTSelection {
        OTSelection(self.ranges.map { Range(anchor: move($0.anchor), head: move($0.head)) })
    }
}
