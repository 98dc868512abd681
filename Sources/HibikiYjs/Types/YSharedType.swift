// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A document inside a document, by identity; its content is synchronised apart.
public struct YSubdocument: Sendable, Equatable {
    public let guid: String
    /// What Yjs keeps with it: `gc`, `autoLoad`, `meta`.
    public let options: YValue
}

/// What stands at a place of a shared type.
public enum YOutput {
    case value(YValue)
    case text(YText)
    case array(YArray)
    case map(YMap)
    case xmlElement(YXmlElement)
    case xmlFragment(YXmlFragment)
    case xmlText(YXmlText)
    case xmlHook(YXmlHook)
    case document(YSubdocument)
}

/// A part of a document that several edit at once. A handle: copies stand for the same type.
public protocol YSharedType {
    var handle: YHandle { get }
    init(handle: YHandle)
}

/// Which type of which document.
public struct YHandle {
    public let document: YDocument
    let branch: Slot
}

extension YHandle: Equatable {
    public static func == (left: YHandle, right: YHandle) -> Bool {
        left.document === right.document && left.branch == right.branch
    }
}

extension YSharedType {
    public var document: YDocument { self.handle.document }

    /// Units of the list that it is: characters of a text counted in UTF-16, elements of an array, children.
    public var length: Int { self.branch.length }

    /// Whether the type, or one that it lies in, was deleted. Edits then throw ``YError/unusableType``.
    public var isDeleted: Bool {
        let branch = self.branch
        guard branch.root < 0 else { return false }
        return branch.item < 0 || self.handle.document.store.items[branch.item.index].isDeleted
    }

    /// The unit that holds it; nil for a root.
    public var id: YID? {
        let branch = self.branch
        return branch.item < 0 ? nil : self.handle.document.store.id(branch.item)
    }

    var branch: Branch { self.handle.document.store.branches[self.handle.branch.index] }

    /// Calls back with each change of this type itself.
    @discardableResult
    public func observe(_ body: @escaping (YEvent, YTransaction) -> Void) -> YObservation {
        let number = self.document.observers.next()
        self.document.observers.types[self.handle.branch, default: []].append((number, body))
        return YObservation(number: number)
    }

    /// Calls back with the changes of this type and of all within it, those nearest to it first.
    @discardableResult
    public func observeDeep(_ body: @escaping ([YEvent], YTransaction) -> Void) -> YObservation {
        let number = self.document.observers.next()
        self.document.observers.deep[self.handle.branch, default: []].append((number, body))
        return YObservation(number: number)
    }

    /// Runs an edit in the transaction in progress or in one of its own.
    func edit<Result>(_ body: (inout Store, Slot, Author) throws(YError) -> Result) throws(YError) -> Result {
        guard !self.isDeleted else { throw .unusableType }
        let document = self.document
        return try document.begin(origin: nil, isLocal: true) { () throws(YError) -> Result in
            try body(&document.store, self.handle.branch, document.author())
        }
    }
}

extension YDocument {
    /// Opens a root as one kind. A root that was opened as another throws ``YError/unusableType``.
    func root<Root: YSharedType>(_ name: String, _ kind: YTypeKind, as type: Root.Type) throws(YError) -> Root {
        let slot = self.store.root(name)
        if let known = self.store.branches[slot.index].kind, known != kind { throw .unusableType }
        self.store.branches[slot.index].kind = kind
        return Root(handle: YHandle(document: self, branch: slot))
    }

    public func text(_ name: String) throws(YError) -> YText { try self.root(name, .text, as: YText.self) }
    public func array(_ name: String) throws(YError) -> YArray { try self.root(name, .array, as: YArray.self) }
    public func map(_ name: String) throws(YError) -> YMap { try self.root(name, .map, as: YMap.self) }
    public func xmlFragment(_ name: String) throws(YError) -> YXmlFragment {
        try self.root(name, .xmlFragment, as: YXmlFragment.self)
    }
    public func xmlText(_ name: String) throws(YError) -> YXmlText {
        try self.root(name, .xmlText, as: YXmlText.self)
    }
    public func xmlElement(_ name: String) throws(YError) -> YXmlElement {
        try self.root(name, .xmlElement, as: YXmlElement.self)
    }

    /// The names of the roots that updates or callers have named so far.
    public var rootNames: [String] { self.store.roots.keys.map(\.string).sorted() }

    func output(of branch: Slot) -> YOutput {
        let handle = YHandle(document: self, branch: branch)
        return switch self.store.branches[branch.index].kind {
        case .text: .text(YText(handle: handle))
        case .array: .array(YArray(handle: handle))
        case .map, nil: .map(YMap(handle: handle))
        case .xmlElement: .xmlElement(YXmlElement(handle: handle))
        case .xmlFragment: .xmlFragment(YXmlFragment(handle: handle))
        case .xmlText: .xmlText(YXmlText(handle: handle))
        case .xmlHook: .xmlHook(YXmlHook(handle: handle))
        }
    }

    /// What one unit of an item is.
    func output(of item: Item, at offset: Int) -> YOutput? {
        guard offset < item.length else { return nil }
        switch item.kind {
        case .any, .json: return .value(self.store.values[Int(item.payload) + offset])
        case .string:
            return .value(.string(String(decoding: [self.store.units[Int(item.payload) + offset]], as: UTF16.self)))
        default: return self.outputs(of: item).first
        }
    }

    /// What the units of an item are, without regard to its deletion.
    func outputs(of item: Item) -> [YOutput] {
        switch item.kind {
        case .any, .json: return self.store.values(item).map(YOutput.value)
        case .string:
            return self.store.text(item).map { .value(.string(String(decoding: [$0], as: UTF16.self))) }
        case .type: return [self.output(of: item.payload)]
        case .document: return [.document(self.subdocument(item.payload))]
        case .binary, .embed:
            return switch self.store.contents[item.payload.index] {
            case .bytes(let bytes): [.value(.bytes(bytes))]
            case .embed(let value): [.value(value)]
            default: []
            }
        case .collected, .deleted, .format, .skip: return []
        }
    }
}
