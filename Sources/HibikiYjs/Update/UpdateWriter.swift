// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The two formats of an update behind one face.
protocol UpdateWriter {
    init()
    mutating func varUint(_ value: Int)
    mutating func client(_ client: Int)
    mutating func info(_ info: UInt8)
    mutating func leftID(_ client: Int, _ clock: Int)
    mutating func rightID(_ client: Int, _ clock: Int)
    mutating func parentIsRoot(_ isRoot: Bool)
    mutating func string(_ string: String)
    mutating func units(_ units: ArraySlice<UInt16>)
    mutating func key(_ key: String)
    mutating func typeKind(_ kind: YTypeKind)
    mutating func length(_ length: Int)
    mutating func any(_ value: YValue)
    mutating func jsonValue(_ value: YValue)
    mutating func byteArray(_ bytes: [UInt8])
    mutating func startDeletions()
    mutating func deletion(clock: Int, length: Int)
    consuming func finish() -> [UInt8]
}

struct UpdateWriterV1: UpdateWriter {
    private var bytes = ByteWriter(reserving: 48)

    init() {}

    mutating func varUint(_ value: Int) { self.bytes.varUint(value) }
    mutating func client(_ client: Int) { self.bytes.varUint(client) }
    mutating func info(_ info: UInt8) { self.bytes.byte(info) }
    mutating func leftID(_ client: Int, _ clock: Int) {
        self.bytes.varUint(client)
        self.bytes.varUint(clock)
    }
    mutating func rightID(_ client: Int, _ clock: Int) { self.leftID(client, clock) }
    mutating func parentIsRoot(_ isRoot: Bool) { self.bytes.byte(isRoot ? 1 : 0) }
    mutating func string(_ string: String) { self.bytes.string(string) }
    mutating func units(_ units: ArraySlice<UInt16>) { self.bytes.string(units: units) }
    mutating func key(_ key: String) { self.bytes.string(key) }
    mutating func typeKind(_ kind: YTypeKind) { self.bytes.byte(kind.rawValue) }
    mutating func length(_ length: Int) { self.bytes.varUint(length) }
    mutating func any(_ value: YValue) { self.bytes.any(value) }
    mutating func jsonValue(_ value: YValue) { self.bytes.string(JSONPrinter.text(value) ?? "undefined") }
    mutating func byteArray(_ bytes: [UInt8]) { self.bytes.byteArray(bytes) }
    mutating func startDeletions() {}
    mutating func deletion(clock: Int, length: Int) {
        self.bytes.varUint(clock)
        self.bytes.varUint(length)
    }
    consuming func finish() -> [UInt8] { self.bytes.bytes }
}

struct UpdateWriterV2: UpdateWriter {
    private var rest = ByteWriter()
    private var keyClocks = DifferenceRunWriter()
    private var clients = UintRunWriter()
    private var leftClocks = DifferenceRunWriter()
    private var rightClocks = DifferenceRunWriter()
    private var infos = ByteRunWriter()
    private var strings = StringColumnWriter()
    private var parentInfos = ByteRunWriter()
    private var typeKinds = UintRunWriter()
    private var lengths = UintRunWriter()
    private var keyClock = 0
    private var deletion = 0

    init() {}

    mutating func varUint(_ value: Int) { self.rest.varUint(value) }
    mutating func client(_ client: Int) { self.clients.write(client) }
    mutating func info(_ info: UInt8) { self.infos.write(info) }
    mutating func leftID(_ client: Int, _ clock: Int) {
        self.clients.write(client)
        self.leftClocks.write(clock)
    }
    mutating func rightID(_ client: Int, _ clock: Int) {
        self.clients.write(client)
        self.rightClocks.write(clock)
    }
    mutating func parentIsRoot(_ isRoot: Bool) { self.parentInfos.write(isRoot ? 1 : 0) }
    mutating func string(_ string: String) { self.strings.write(string) }
    mutating func units(_ units: ArraySlice<UInt16>) { self.strings.write(units: units) }

    /// Each key gets a number of its own and is written again, as Yjs does; the format could refer to earlier ones.
    mutating func key(_ key: String) {
        self.keyClocks.write(self.keyClock)
        self.keyClock += 1
        self.strings.write(key)
    }

    mutating func typeKind(_ kind: YTypeKind) { self.typeKinds.write(Int(kind.rawValue)) }
    mutating func length(_ length: Int) { self.lengths.write(length) }
    mutating func any(_ value: YValue) { self.rest.any(value) }
    mutating func jsonValue(_ value: YValue) { self.rest.any(value) }
    mutating func byteArray(_ bytes: [UInt8]) { self.rest.byteArray(bytes) }
    mutating func startDeletions() { self.deletion = 0 }

    mutating func deletion(clock: Int, length: Int) {
        self.rest.varUint(clock - self.deletion)
        self.rest.varUint(length - 1)
        self.deletion = clock + length
    }

    consuming func finish() -> [UInt8] {
        var writer = ByteWriter()
        writer.varUint(0)
        writer.byteArray(self.keyClocks.finish())
        writer.byteArray(self.clients.finish())
        writer.byteArray(self.leftClocks.finish())
        writer.byteArray(self.rightClocks.finish())
        writer.byteArray(self.infos.finish())
        writer.byteArray(self.strings.finish())
        writer.byteArray(self.parentInfos.finish())
        writer.byteArray(self.typeKinds.finish())
        writer.byteArray(self.lengths.finish())
        writer.raw(self.rest.bytes)
        return writer.bytes
    }
}
