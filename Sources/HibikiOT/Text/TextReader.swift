// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Reads the components of an operation in parts as long as another operation needs them.
struct TextReader {
    private let components: [TextOperation.Component]
    private var index = 0
    /// How much of the component at the index was read.
    private var offset = 0

    init(_ operation: TextOperation) { self.components = operation.components }

    /// What comes next, without what was read of it; nil at the end.
    var next: (kind: Kind, length: Int)? {
        guard self.index < self.components.count else { return nil }
        switch self.components[self.index] {
        case .retain(let count): return (.retain, count - self.offset)
        case .insert(let text): return (.insert, text.count - self.offset)
        case .delete(let count): return (.delete, count - self.offset)
        }
    }

    enum Kind { case retain, insert, delete }

    /// Moves on by `count` units, which the next component has.
    mutating func skip(_ count: Int) throws(OTError) {
        guard let next = self.next else { return }
        guard count < next.length else {
            self.index += 1
            self.offset = 0
            return
        }
        self.offset += count
        if case .insert(let text) = self.components[self.index], !text.isBoundary(at: self.offset) {
            throw .splitsSurrogatePair
        }
    }

    /// Reads `count` units of an insertion.
    mutating func text(_ count: Int) throws(OTError) -> UTF16Text {
        guard self.index < self.components.count, case .insert(let text) = self.components[self.index] else {
            return UTF16Text()
        }
        let start = self.offset
        try self.skip(count)
        return text.part(start..<start + count)
    }
}
