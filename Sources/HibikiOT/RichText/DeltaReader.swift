// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Reads the components of a delta in parts as long as another delta needs them. Beyond its end it keeps everything.
struct DeltaReader {
    private let components: [Delta.Component]
    private var index = 0
    /// How much of the component at the index was read.
    private var offset = 0

    init(_ delta: Delta) { self.components = delta.components }

    enum Kind { case retain, insert, delete }

    var isAtEnd: Bool { self.index >= self.components.count }

    var kind: Kind {
        guard self.index < self.components.count else { return .retain }
        switch self.components[self.index] {
        case .retain: return .retain
        case .insert: return .insert
        case .delete: return .delete
        }
    }

    /// How many units are left of the component.
    var length: Int {
        guard self.index < self.components.count else { return .max }
        switch self.components[self.index] {
        case .retain(let count, _), .delete(let count): return count - self.offset
        case .insert(let content, _): return content.length - self.offset
        }
    }

    /// Reads `count` units of the component, which has them.
    mutating func read(_ count: Int) throws(OTError) -> Delta.Component {
        guard self.index < self.components.count else { return .retain(count) }
        let component = self.components[self.index]
        let start = self.offset
        if count < self.length {
            self.offset += count
        } else {
            self.index += 1
            self.offset = 0
        }
        switch component {
        case .retain(_, let attributes): return .retain(count, attributes)
        case .delete: return .delete(count)
        case .insert(.embed, _): return component
        case .insert(.text(let text), let attributes):
            let end = start + count
            guard text.isBoundary(at: end) else { throw .splitsSurrogatePair }
            return .insert(.text(text.part(start..<end)), attributes)
        }
    }
}
