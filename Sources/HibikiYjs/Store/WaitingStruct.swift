// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A struct that waits, with all that it holds: the update that it came in is gone.
struct WaitingStruct {
    private let item: DecodedStruct
    private let units: [UInt16]
    private let content: Content?
    private let root: String?
    private let key: String?

    init(_ item: DecodedStruct, of batch: StructBatch) {
        self.item = item
        let start = Int(item.payload)
        self.units = item.kind == .string ? Array(batch.units[start..<(start + item.length)]) : []
        self.content = item.kind != .string && item.payload >= 0 ? batch.contents[start] : nil
        self.root = item.root >= 0 ? batch.names[item.root.index] : nil
        self.key = item.key >= 0 ? batch.names[item.key.index] : nil
    }

    var clock: Int { self.item.clock }
    var end: Int { self.item.end }
    var decoded: DecodedStruct { self.item }

    /// Roughly what it takes in memory.
    var size: Int {
        // Beside itself its place among those that are looked for by clock.
        MemoryLayout<Self>.stride + 64 + 2 * self.units.count + (self.content?.size ?? 0)
            + (self.root?.utf8.count ?? 0) + (self.key?.utf8.count ?? 0)
    }

    /// Puts it behind the structs of a batch.
    func append(to batch: inout StructBatch) {
        var item = self.item
        if item.kind == .string {
            item.payload = Int32(truncatingIfNeeded: batch.units.count)
            batch.units += self.units
        } else if let content = self.content {
            item.payload = Int32(truncatingIfNeeded: batch.contents.count)
            batch.contents.append(content)
        }
        if let root = self.root { item.root = batch.add(name: root) }
        if let key = self.key { item.key = batch.add(name: key) }
        batch.structs.append(item)
    }
}

/// By clock; of two that begin with the same unit the longer goes first, and makes the other needless.
extension WaitingStruct: Comparable {
    static func == (left: WaitingStruct, right: WaitingStruct) -> Bool {
        left.clock == right.clock && left.end == right.end
    }

    static func < (left: WaitingStruct, right: WaitingStruct) -> Bool {
        left.clock != right.clock ? left.clock < right.clock : left.end > right.end
    }
}

extension Content {
    /// Roughly what it takes in memory beside itself.
    fileprivate var size: Int {
        switch self {
        case .values(let values): values.reduce(0) { $0 + $1.size }
        case .bytes(let bytes): bytes.count
        case .embed(let value): value.size
        case .format(let key, let value): key.utf8.count + value.size
        case .type(_, let name): name.utf8.count
        case .document(let guid, let options): guid.utf8.count + options.size
        }
    }
}

extension YValue {
    fileprivate var size: Int {
        let own = MemoryLayout<Self>.stride
        return switch self {
        case .undefined, .null, .bool, .number, .bigInt: own
        case .string(let string): own + string.utf8.count
        case .bytes(let bytes): own + bytes.count
        case .array(let values): values.reduce(own) { $0 + $1.size }
        case .object(let object): object.reduce(own) { $0 + $1.key.utf8.count + 2 * own + $1.value.size }
        }
    }
}
