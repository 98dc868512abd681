// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Rich text that deltas edit: runs of text and embeds with attributes.
///
/// Its JSON is that of a ``Delta`` that only inserts.
public struct RichTextDocument: OTDocument {
    private(set) var list = PieceList<RichTextRun>()

    public var length: Int { self.list.length }
    public var weight: Int { self.list.weight }

    public init() {}

    public init(_ value: OTValue, limits: OTLimits = .document) throws(OTError) {
        try self.init(try Delta(value, limits: limits))
    }

    /// Refuses a delta that does anything but insert.
    public init(_ delta: Delta) throws(OTError) {
        for (index, component) in delta.components.enumerated() {
            guard case .insert = component else {
                throw .invalidDocument("component \(index) of a document does not insert")
            }
        }
        try self.apply(delta)
    }

    /// The document as the operation that makes it from nothing: every run of like attributes is one component.
    public var delta: Delta {
        var delta = Delta()
        for piece in self.list.pieces {
            // The lengths add up to that of the document, which is lawful.
            try? delta.insert(piece.content, piece.attributes)
        }
        return delta
    }

    public var value: OTValue { self.delta.value }

    /// The text alone, with U+FFFC for every embed, so that positions are those of the document.
    public var text: UTF16Text {
        var units: [UInt16] = []
        units.reserveCapacity(self.length)
        for piece in self.list.pieces {
            switch piece.content {
            case .text(let text): units += text.units
            case .embed: units.append(0xfffc)
            }
        }
        return UTF16Text(whole: units)
    }

    public mutating func apply(_ operation: Delta, weightLimit: Int) throws(OTError) {
        if let change = try self.change(operation, weightLimit) { self.list.make(change) }
    }

    public func check(_ operation: Delta, weightLimit: Int) throws(OTError) {
        _ = try self.change(operation, weightLimit)
    }

    private func change(_ operation: Delta, _ weightLimit: Int) throws(OTError) -> PieceList<RichTextRun>.Change? {
        guard operation.fits(self.length) else { throw .wrongLength(operation.baseLength, actual: self.length) }
        _ = try Length.sum(self.length, operation.lengthChange)
        var editor = PieceEditor(self.list, weightLimit: weightLimit)
        for component in operation.components {
            switch component {
            case .retain(let count, let attributes) where attributes.isEmpty: editor.retain(count)
            case .retain(let count, let attributes):
                for var run in try editor.take(count) {
                    run.attributes = run.attributes.composed(with: attributes, keepsNull: false)
                    try editor.insert(run)
                }
            case .insert(let content, let attributes):
                try editor.insert(RichTextRun(content: content, attributes: attributes))
            case .delete(let count): try editor.delete(count)
            }
        }
        return try editor.finish()
    }

    public static func == (left: RichTextDocument, right: RichTextDocument) -> Bool {
        left.length == right.length && left.delta == right.delta
    }
}

extension RichTextDocument: CustomStringConvertible {
    /// Its JSON.
    public var description: String { String(decoding: self.json, as: UTF8.self) }
}

/// Text, or an embed, whose attributes are alike throughout.
struct RichTextRun: DocumentPiece {
    var content: Delta.Content
    var attributes: OTObject

    var length: Int { self.content.length }
    var weight: Int { self.content.weight + self.attributes.weight }

    func isBoundary(at offset: Int) -> Bool {
        guard case .text(let text) = self.content else { return true }
        return text.isBoundary(at: offset)
    }

    func part(_ range: Range<Int>) -> RichTextRun {
        guard case .text(let text) = self.content else { return self }
        return RichTextRun(content: .text(text.part(range)), attributes: self.attributes)
    }

    mutating func absorb(_ next: RichTextRun) -> Bool {
        guard case .text(var text) = self.content, case .text(let more) = next.content,
            text.count + more.count <= Self.longest, self.attributes == next.attributes
        else { return false }
        // The run lets go of its text first, so that appending to it copies nothing.
        self.content = .text(UTF16Text())
        text.append(more)
        self.content = .text(text)
        return true
    }
}
