// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiYjs

/// The editing steps of a vector, done on a document.
enum Script {
    static func open(_ roots: YObject, of document: YDocument) throws(YError) -> [String: YOutput] {
        var opened: [String: YOutput] = [:]
        for (name, kind) in roots {
            opened[name] =
                switch kind.string {
                case "Text": .text(try document.text(name))
                case "Array": .array(try document.array(name))
                case "XmlFragment": .xmlFragment(try document.xmlFragment(name))
                case "XmlText": .xmlText(try document.xmlText(name))
                case "XmlElement": .xmlElement(try document.xmlElement(name))
                default: .map(try document.map(name))
                }
        }
        return opened
    }

    static func run(_ operation: [YValue], on roots: [String: YOutput]) throws(YError) {
        guard operation.count > 1, let name = operation[0].string,
            let target = self.target(operation[1].array ?? [], roots)
        else { throw .unusableType }
        let arguments = Array(operation.dropFirst(2))
        switch target {
        case .text(let text): try self.run(name, arguments, on: text)
        case .xmlText(let text): try self.run(name, arguments, on: text)
        case .map(let map): try self.run(name, arguments, on: map)
        case .xmlHook(let hook): try self.run(name, arguments, on: hook)
        case .array(let array): try self.run(name, arguments, on: array)
        case .xmlFragment(let fragment): try self.run(name, arguments, on: fragment)
        case .xmlElement(let element): try self.run(name, arguments, on: element)
        case .value, .document: throw .unusableType
        }
    }

    private static func target(_ path: [YValue], _ roots: [String: YOutput]) -> YOutput? {
        guard let root = path.first?.string, var target = roots[root] else { return nil }
        for step in path.dropFirst() {
            let next: YOutput? =
                switch (target, step) {
                case (.map(let map), .string(let key)): map[key]
                case (.xmlHook(let hook), .string(let key)): hook[key]
                case (.array(let array), _): step.int.flatMap(array.element(at:))
                case (.xmlFragment(let fragment), _): step.int.flatMap(fragment.element(at:))
                case (.xmlElement(let element), _): step.int.flatMap(element.element(at:))
                default: nil
                }
            guard let next else { return nil }
            target = next
        }
        return target
    }

    private static func run(_ name: String, _ arguments: [YValue], on text: some YTextType) throws(YError) {
        let position = arguments.first?.int ?? 0
        let count = arguments.count > 1 ? arguments[1].int ?? 0 : 0
        func attributes(_ index: Int) -> YObject? {
            arguments.count > index ? TaggedJSON.value(arguments[index]).object : nil
        }
        switch name {
        case "text.insert":
            try text.insert(arguments[1].string ?? "", at: position, attributes: attributes(2))
        case "text.embed":
            try text.insert(embed: TaggedJSON.value(arguments[1]), at: position, attributes: attributes(2) ?? [:])
        case "text.delete": try text.remove(position..<(position + count))
        case "text.format": try text.format(position..<(position + count), attributes: attributes(2) ?? [:])
        case "text.delta": try text.apply((arguments.first?.array ?? []).map(self.delta))
        case "text.setAttr":
            try text.setAttribute(arguments[0].string ?? "", to: TaggedJSON.input(arguments[1]))
        default: throw .unusableType
        }
    }

    private static func delta(_ step: YValue) -> YDelta {
        let attributes = step["attributes"].flatMap { TaggedJSON.value($0).object } ?? [:]
        if let count = step["retain"]?.int { return .retain(count, attributes: attributes) }
        if let count = step["delete"]?.int { return .delete(count) }
        guard let insert = step["insert"] else { return .retain(0) }
        if let string = insert.string { return .insert(.text(string), attributes: attributes) }
        if insert["$type"] != nil { return .insert(.type(TaggedJSON.input(insert)), attributes: attributes) }
        return .insert(.embed(TaggedJSON.value(insert)), attributes: attributes)
    }

    private static func run(_ name: String, _ arguments: [YValue], on map: some YKeyedType) throws(YError) {
        let key = arguments.first?.string ?? ""
        switch name {
        case "map.set": try map.set(TaggedJSON.input(arguments[1]), for: key)
        case "map.delete": try map.removeValue(for: key)
        default: throw .unusableType
        }
    }

    private static func run(_ name: String, _ arguments: [YValue], on list: some YListType) throws(YError) {
        let position = arguments.first?.int ?? 0
        switch name {
        case "array.insert", "xml.insert":
            try list.insert((arguments[1].array ?? []).map(TaggedJSON.input), at: position)
        case "array.push": try list.append((arguments.first?.array ?? []).map(TaggedJSON.input))
        case "array.delete", "xml.delete":
            let count = arguments.count > 1 ? arguments[1].int ?? 1 : 1
            try list.remove(position..<(position + count))
        case "xml.setAttr", "xml.removeAttr": try self.attribute(name, arguments, of: list)
        default: throw .unusableType
        }
    }

    private static func attribute(_ name: String, _ arguments: [YValue], of list: some YListType) throws(YError) {
        guard let element = list as? YXmlElement, let key = arguments.first?.string else { throw .unusableType }
        if name == "xml.setAttr" {
            try element.setAttribute(key, to: TaggedJSON.input(arguments[1]))
        } else {
            try element.removeAttribute(key)
        }
    }
}
