// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What is put into a shared type: a value, or a new shared type with what it begins with.
public indirect enum YInput: Sendable {
    case value(YValue)
    case text([YDelta] = [])
    case array([YInput] = [])
    case map([(key: String, value: YInput)] = [])
    case xmlElement(String, attributes: [(key: String, value: YInput)] = [], children: [YInput] = [])
    case xmlFragment([YInput] = [])
    case xmlText([YDelta] = [])
    case xmlHook(String, entries: [(key: String, value: YInput)] = [])
    /// A document of its own, by identity; its content is synchronised apart.
    case document(guid: String, options: YObject = [:])
}

extension YInput: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    public init(stringLiteral value: String) { self = .value(.string(value)) }
    public init(integerLiteral value: Int) { self = .value(.number(Double(value))) }
    public init(booleanLiteral value: Bool) { self = .value(.bool(value)) }
}

/// What is inserted at one place of a text.
public enum YInsertion: Sendable {
    case text(String)
    /// Something that is not text and counts as one unit, such as an image.
    case embed(YValue)
    /// A new shared type.
    case type(YInput)
}

/// One step of a change to a text, or of the text itself, in the form of Quill's deltas. Lengths are UTF-16 units.
public enum YDelta: Sendable {
    case insert(YInsertion, attributes: YObject = [:])
    case retain(Int, attributes: YObject = [:])
    case delete(Int)
}
