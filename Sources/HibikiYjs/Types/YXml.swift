// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A list of XML nodes without a node of its own.
public struct YXmlFragment: YListType {
    public let handle: YHandle
    public init(handle: YHandle) { self.handle = handle }
}

/// An XML element: a name, attributes and children.
public struct YXmlElement: YListType {
    public let handle: YHandle
    public init(handle: YHandle) { self.handle = handle }

    public var name: String { self.branch.name }
}

/// Text among XML nodes; its formatting is shown as elements.
public struct YXmlText: YTextType {
    public let handle: YHandle
    public init(handle: YHandle) { self.handle = handle }
}

/// A map among XML nodes, under a name that a program gives a meaning.
public struct YXmlHook: YKeyedType {
    public let handle: YHandle
    public init(handle: YHandle) { self.handle = handle }

    public var name: String { self.branch.name }
}

extension YXmlElement {
    public func setAttribute(_ name: String, to value: YInput) throws(YError) {
        try self.edit { store, branch, author throws(YError) in
            try store.set(value, for: name, in: branch, by: author)
        }
    }

    public func removeAttribute(_ name: String) throws(YError) {
        try self.edit { store, branch, _ throws(YError) in store.removeValue(for: name, in: branch) }
    }

    public func attribute(_ name: String) -> YOutput? { self.value(name) }
    public var attributes: [(key: String, value: YOutput)] { self.allValues }

    /// The element as text: attributes sorted by name, names of elements in lower case, nothing escaped, as Yjs
    /// writes it. Not meant for a browser. What lies deeper than 200 levels is left out.
    public var string: String { self.string(depth: xmlDepth) }

    fileprivate func string(depth: Int) -> String {
        let attributes = self.attributes.sorted { $0.key < $1.key }
            .map { " \($0.key)=\"\($0.value.plainText(depth: depth))\"" }.joined()
        let name = self.name.lowercased()
        return "<\(name)\(attributes)>\(self.childrenString(depth: depth))</\(name)>"
    }
}

/// Types nest as deep as the network likes; text is made of them on the stack.
private let xmlDepth = 200

extension YXmlFragment {
    /// The nodes as text, see ``YXmlElement/string``.
    public var string: String { self.childrenString(depth: xmlDepth) }
}

extension YListType {
    fileprivate func childrenString(depth: Int) -> String {
        self.elements.map { $0.plainText(depth: depth - 1) }.joined()
    }
}

extension YXmlText {
    /// The text with its formatting as nested elements, sorted by name.
    public var markup: String { self.markup(depth: xmlDepth) }

    fileprivate func markup(depth: Int) -> String {
        self.delta().map { run in
            let marks = run.attributes.sorted { $0.key < $1.key }
            let opening = marks.map { "<\($0.key)\(Self.attributes($0.value))>" }.joined()
            let closing = marks.reversed().map { "</\($0.key)>" }.joined()
            let content: String =
                switch run.content {
                case .text(let text): text
                case .embed(let value): JSONPrinter.text(value) ?? ""
                case .type(let output): output.plainText(depth: depth - 1)
                }
            return opening + content + closing
        }.joined()
    }

    private static func attributes(_ value: YValue) -> String {
        guard case .object(let object) = value else { return "" }
        return object.sorted { $0.key < $1.key }
            .map { " \($0.key)=\"\(YOutput.value($0.value).plainText(depth: 1))\"" }.joined()
    }
}

extension YOutput {
    /// What it is inside XML written as text.
    fileprivate func plainText(depth: Int) -> String {
        guard depth > 0 else { return "" }
        return switch self {
        case .value(.string(let string)): string
        case .value(let value): JSONPrinter.text(value) ?? "undefined"
        case .xmlElement(let element): element.string(depth: depth)
        case .xmlFragment(let fragment): fragment.childrenString(depth: depth)
        case .xmlText(let text): text.markup(depth: depth)
        case .text(let text): text.string
        case .array, .map, .xmlHook: "[object Object]"
        case .document(let document): document.guid
        }
    }
}
