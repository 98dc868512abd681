// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension UpdateWriter {
    /// The first byte of a struct and the neighbours, without which it has no place.
    @inline(__always)
    mutating func neighbours(_ item: DecodedStruct, hasKey: Bool) {
        var info = item.kind.rawValue
        if item.originClient >= 0 { info |= 0x80 }
        if item.rightClient >= 0 { info |= 0x40 }
        if hasKey { info |= 0x20 }
        self.info(info)
        if item.originClient >= 0 { self.leftID(item.originClient, item.originClock) }
        if item.rightClient >= 0 { self.rightID(item.rightClient, item.rightClock) }
    }

    mutating func values(_ values: ArraySlice<YValue>, kind: StructKind) {
        self.length(values.count)
        for value in values {
            if kind == .any { self.any(value) } else { self.string(JSONPrinter.text(value) ?? "undefined") }
        }
    }

    mutating func content(_ content: Content, kind: StructKind) {
        switch content {
        case .values(let values): self.values(values[...], kind: kind)
        case .bytes(let bytes): self.byteArray(bytes)
        case .embed(let value): self.jsonValue(value)
        case .format(let key, let value):
            self.key(key)
            self.jsonValue(value)
        case .type(let kind, let name):
            self.typeKind(kind)
            if kind.hasName { self.key(name) }
        case .document(let guid, let options):
            self.string(guid)
            self.any(options)
        }
    }

    mutating func skip(_ length: Int) {
        self.info(StructKind.skip.rawValue)
        self.varUint(length)
    }

    /// Writes a struct of a batch as it came.
    mutating func write(_ item: DecodedStruct, of batch: StructBatch) {
        switch item.kind {
        case .collected:
            self.info(item.kind.rawValue)
            return self.length(item.length)
        case .skip: return self.skip(item.length)
        default: break
        }
        self.neighbours(item, hasKey: item.key >= 0)
        if !item.canCopyParent {
            self.parentIsRoot(item.root >= 0)
            if item.root >= 0 {
                self.string(batch.names[Int(item.root)])
            } else {
                self.leftID(item.parentClient, item.parentClock)
            }
            if item.key >= 0 { self.string(batch.names[Int(item.key)]) }
        }
        switch item.kind {
        case .deleted: self.length(item.length)
        case .string: self.units(batch.units[Int(item.payload)..<(Int(item.payload) + item.length)])
        default: self.content(batch.contents[Int(item.payload)], kind: item.kind)
        }
    }
}
