// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Plain text that operations edit. Its JSON is a string.
public struct TextDocument: OTDocument {
    private(set) var list = PieceList<UTF16Text>()

    public var length: Int { self.list.length }
    public var weight: Int { self.list.weight }

    public init() {}

    public init(_ text: UTF16Text) {
        self.list = PieceList(text.pieces)
    }

    public init(_ string: String) { self.init(UTF16Text(string)) }

    public init(_ value: OTValue, limits: OTLimits = .document) throws(OTError) {
        guard case .string(let text) = value else { throw .invalidDocument("a text document is a string") }
        self.init(text)
    }

    /// The whole text.
    public var text: UTF16Text {
        var units: [UInt16] = []
        units.reserveCapacity(self.length)
        for piece in self.list.pieces { units += piece.units }
        return UTF16Text(whole: units)
    }

    public var string: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(self.length)
        for piece in self.list.pieces { piece.appendUTF8(to: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    public var value: OTValue { .string(self.text) }

    public mutating func apply(_ operation: TextOperation, weightLimit: Int) throws(OTError) {
        if let change = try self.change(operation, weightLimit) { self.list.make(change) }
    }

    public func check(_ operation: TextOperation, weightLimit: Int) throws(OTError) {
        _ = try self.change(operation, weightLimit)
    }

    private func change(_ operation: TextOperation, _ weightLimit: Int) throws(OTError) -> PieceList<UTF16Text>.Change?
    {
        guard operation.fits(self.length) else { throw .wrongLength(operation.baseLength, actual: self.length) }
        var editor = PieceEditor(self.list, weightLimit: weightLimit)
        for component in operation.components {
            switch component {
            case .retain(let count): editor.retain(count)
            case .insert(let text): try editor.insert(text)
            case .delete(let count): try editor.delete(count)
            }
        }
        return try editor.finish()
    }

    public static func == (left: TextDocument, right: TextDocument) -> Bool {
        left.length == right.length
            && left.list.pieces.lazy.flatMap(\.units).elementsEqual(right.list.pieces.lazy.flatMap(\.units))
    }
}

extension TextDocument: CustomStringConvertible {
    public var description: String { self.string }
}

extension UTF16Text: DocumentPiece {
    var length: Int { self.count }
    var weight: Int { 48 + 2 * self.count }

    mutating func absorb(_ next: UTF16Text) -> Bool {
        guard self.count + next.count <= Self.longest else { return false }
        self.append(next)
        return true
    }
}
