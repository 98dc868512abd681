// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The two formats of an update behind one face: what a struct consists of, not where it stands.
protocol UpdateReader {
    init(_ bytes: [UInt8], limits: YLimits) throws(YError)
    /// Counts and clocks, which both formats write in line.
    var rest: ByteReader { get set }
    var limits: YLimits { get }
    mutating func client() throws(YError) -> Int
    mutating func info() throws(YError) -> UInt8
    mutating func leftID() throws(YError) -> YID
    mutating func rightID() throws(YError) -> YID
    /// Whether the parent is a root.
    mutating func parentIsRoot() throws(YError) -> Bool
    mutating func string() throws(YError) -> String
    mutating func key() throws(YError) -> String
    mutating func units(into units: inout [UInt16]) throws(YError) -> Int
    mutating func typeKind() throws(YError) -> Int
    mutating func length() throws(YError) -> Int
    /// A value that version 1 writes as JSON.
    mutating func jsonValue() throws(YError) -> YValue
    mutating func startDeletions()
    mutating func deletionClock() throws(YError) -> Int
    mutating func deletionLength() throws(YError) -> Int
}

extension UpdateReader {
    mutating func varUint() throws(YError) -> Int { try self.rest.varUint() }
    mutating func any() throws(YError) -> YValue { try self.rest.any(depth: self.limits.depth) }
}

struct UpdateReaderV1: UpdateReader {
    var rest: ByteReader
    let limits: YLimits

    init(_ bytes: [UInt8], limits: YLimits) {
        self.rest = ByteReader(bytes)
        self.limits = limits
    }

    mutating func client() throws(YError) -> Int { try self.rest.varUint() }
    mutating func info() throws(YError) -> UInt8 { try self.rest.byte() }
    mutating func leftID() throws(YError) -> YID {
        let client = try self.rest.varUint()
        return YID(client: client, clock: try self.rest.varUint())
    }
    mutating func rightID() throws(YError) -> YID { try self.leftID() }
    mutating func parentIsRoot() throws(YError) -> Bool { try self.rest.varUint() == 1 }
    mutating func string() throws(YError) -> String { try self.rest.string() }
    mutating func key() throws(YError) -> String { try self.rest.string() }
    mutating func units(into units: inout [UInt16]) throws(YError) -> Int { try self.rest.units(into: &units) }
    mutating func typeKind() throws(YError) -> Int { try self.rest.varUint() }
    mutating func length() throws(YError) -> Int { try self.rest.varUint() }
    mutating func jsonValue() throws(YError) -> YValue {
        let text = try self.rest.string()
        return text == "undefined" ? .undefined : try JSONScanner.value(text, depth: self.limits.depth)
    }
    mutating func startDeletions() {}
    mutating func deletionClock() throws(YError) -> Int { try self.rest.varUint() }
    mutating func deletionLength() throws(YError) -> Int { try self.rest.varUint() }
}

struct UpdateReaderV2: UpdateReader {
    var rest: ByteReader
    let limits: YLimits
    private var keyClocks: DifferenceRunReader
    private var clients: UintRunReader
    private var leftClocks: DifferenceRunReader
    private var rightClocks: DifferenceRunReader
    private var infos: ByteRunReader
    private var strings: StringColumnReader
    private var parentInfos: ByteRunReader
    private var typeKinds: UintRunReader
    private var lengths: UintRunReader
    private var keys: [String] = []
    private var repeatedKeyBytes = 0
    private var deletion = 0

    init(_ bytes: [UInt8], limits: YLimits) throws(YError) {
        var reader = ByteReader(bytes)
        // Features that no version has yet defined.
        _ = try reader.varUint()
        self.keyClocks = DifferenceRunReader(try reader.part())
        self.clients = UintRunReader(try reader.part())
        self.leftClocks = DifferenceRunReader(try reader.part())
        self.rightClocks = DifferenceRunReader(try reader.part())
        self.infos = ByteRunReader(try reader.part())
        self.strings = try StringColumnReader(try reader.part())
        self.parentInfos = ByteRunReader(try reader.part())
        self.typeKinds = UintRunReader(try reader.part())
        self.lengths = UintRunReader(try reader.part())
        self.rest = reader
        self.limits = limits
    }

    mutating func client() throws(YError) -> Int { try self.clients.next() }
    mutating func info() throws(YError) -> UInt8 { try self.infos.next() }
    mutating func leftID() throws(YError) -> YID {
        let client = try self.clients.next()
        return YID(client: client, clock: try self.leftClocks.next())
    }
    mutating func rightID() throws(YError) -> YID {
        let client = try self.clients.next()
        return YID(client: client, clock: try self.rightClocks.next())
    }
    mutating func parentIsRoot() throws(YError) -> Bool { try self.parentInfos.next() == 1 }
    mutating func string() throws(YError) -> String { try self.strings.string() }

    mutating func key() throws(YError) -> String {
        let clock = try self.keyClocks.next()
        if clock < self.keys.count {
            // Whoever writes the document again writes the key each time.
            self.repeatedKeyBytes += self.keys[clock].utf8.count
            guard self.repeatedKeyBytes <= self.limits.structs + 8 * self.rest.bytes.count else { throw .limitExceeded }
            return self.keys[clock]
        }
        let key = try self.strings.string()
        self.keys.append(key)
        return key
    }

    mutating func units(into units: inout [UInt16]) throws(YError) -> Int {
        let range = try self.strings.next()
        units.append(contentsOf: self.strings.units[range])
        return range.count
    }

    mutating func typeKind() throws(YError) -> Int { try self.typeKinds.next() }
    mutating func length() throws(YError) -> Int { try self.lengths.next() }
    mutating func jsonValue() throws(YError) -> YValue { try self.any() }

    mutating func startDeletions() { self.deletion = 0 }
    mutating func deletionClock() throws(YError) -> Int {
        self.deletion += try self.rest.varUint()
        guard self.deletion <= ByteReader.maximum else { throw .integerOutOfRange }
        return self.deletion
    }
    mutating func deletionLength() throws(YError) -> Int {
        let length = try self.rest.varUint() + 1
        self.deletion += length
        return length
    }
}
