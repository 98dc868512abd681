// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// An operation on a document: what to keep, what to insert and what to delete, from the start of the document on.
///
/// There are two, ``TextOperation`` for plain text and ``Delta`` for rich text. Both count UTF-16 units, as JavaScript
/// does, and neither may cut a surrogate pair: what would is refused when it is applied, composed or inverted.
///
/// ``RevisionLog`` and ``OTClient`` join them to a session of one server and many clients. Of two operations made at
/// the same time one is *applied*, which means that the server has given it a revision, and the other is *pending*.
/// Which of two insertions at one place goes left is decided by that alone, alike on both sides:
///
/// | | goes left | sets an attribute that both set |
/// |---|---|---|
/// | ``TextOperation`` | the pending one, as in ot.js | |
/// | ``Delta`` | the applied one, as in ShareDB's rich text | the applied one |
public protocol OTOperation: Hashable, Sendable {
    associatedtype Document: OTDocument where Document.Operation == Self

    /// Reads the form that ``value`` gives.
    init(_ value: OTValue, limits: OTLimits) throws(OTError)

    /// The operation as JSON.
    var value: OTValue { get }

    /// Whether it leaves every document as it is.
    var isNoop: Bool { get }

    /// How many components it has, which is what composing and transforming it costs.
    var componentCount: Int { get }

    /// By how many units it makes a document longer, or shorter if it is negative.
    var lengthChange: Int { get }

    /// About how many bytes it holds in memory.
    var weight: Int { get }

    /// Whether it can be applied to a document of that many units.
    func fits(_ length: Int) -> Bool

    /// One operation that does what this and then `next` do.
    func composed(with next: Self) throws(OTError) -> Self

    /// The operation that takes this one back from what it makes of `document`.
    func inverted(on document: Document) throws(OTError) -> Self

    /// This pending operation as it has to be after `applied`, which was made for the same document.
    func rebased(over applied: Self) throws(OTError) -> Self

    /// This applied operation as it has to be for one whose document has `pending` in it already.
    func advanced(past pending: Self) throws(OTError) -> Self

    /// Where a position in the document is afterwards. One within what is deleted moves to where that was.
    ///
    /// An insertion exactly at the position moves it right, unless `staysBefore`.
    func transform(position: Int, staysBefore: Bool) -> Int

    /// The one insertion or the one deletion that it consists of, if it is as simple as that.
    var singleEdit: SingleEdit? { get }
}

/// What an ``OTOperation`` is applied to. A copy costs nothing until one of the two is edited.
public protocol OTDocument: Equatable, Sendable {
    associatedtype Operation: OTOperation where Operation.Document == Self

    /// The empty document, which is revision 0.
    init()

    /// Reads the form that ``value`` gives.
    init(_ value: OTValue, limits: OTLimits) throws(OTError)

    /// The document as JSON.
    var value: OTValue { get }

    /// Its length in UTF-16 units; what is not text counts as one.
    var length: Int { get }

    /// About how many bytes it holds in memory.
    var weight: Int { get }

    /// Edits the document, or throws and leaves it as it was.
    ///
    /// The cost grows with the components and with what lies between the first and the last change, hardly with what lies
    /// before and after them.
    ///
    /// - Parameter weightLimit: About how many bytes the document may hold afterwards. A short operation on a document of
    ///   many runs can make much of it, and is refused before it does.
    mutating func apply(_ operation: Operation, weightLimit: Int) throws(OTError)

    /// Throws what ``apply(_:weightLimit:)`` would throw, and changes nothing.
    func check(_ operation: Operation, weightLimit: Int) throws(OTError)
}

extension OTOperation {
    /// Reads an operation from the bytes of its JSON.
    public init(json: [UInt8], limits: OTLimits = .standard) throws(OTError) {
        try self.init(try OTValue(json: json, limits: limits), limits: limits)
    }

    /// The bytes of its JSON.
    public var json: [UInt8] { self.value.json }
}

extension OTDocument {
    /// Reads a document from the bytes of its JSON.
    public init(json: [UInt8], limits: OTLimits = .document) throws(OTError) {
        try self.init(try OTValue(json: json, limits: limits), limits: limits)
    }

    /// The bytes of its JSON.
    public var json: [UInt8] { self.value.json }

    /// Edits the document, however much it then holds, or throws and leaves it as it was.
    public mutating func apply(_ operation: Operation) throws(OTError) {
        try self.apply(operation, weightLimit: .max)
    }

    /// The document after an operation.
    public func applying(_ operation: Operation) throws(OTError) -> Self {
        var copy = self
        try copy.apply(operation)
        return copy
    }
}

/// One insertion or one deletion.
public struct SingleEdit: Hashable, Sendable {
    public enum Kind: Hashable, Sendable { case insertion, deletion }

    public let kind: Kind
    public let position: Int
    public let length: Int
}
