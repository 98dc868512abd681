// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// How much of each client's content is known: the clock of the next unit, by client.
public struct YStateVector: Hashable, Sendable {
    private var clocks: [Int: Int] = [:]

    public init() {}

    public init(_ clocks: [Int: Int]) { self.clocks = clocks }

    /// The clock behind the last known unit; 0 for a client that is not known.
    public subscript(_ client: Int) -> Int {
        get { self.clocks[client] ?? 0 }
        set { self.clocks[client] = newValue }
    }

    public var clients: some Collection<Int> { self.clocks.keys }
    public var isEmpty: Bool { self.clocks.isEmpty }

    func contains(_ client: Int) -> Bool { self.clocks[client] != nil }

    public init(encoded bytes: [UInt8]) throws(YError) {
        var reader = ByteReader(bytes)
        try self.init(&reader)
    }

    init(_ reader: inout ByteReader) throws(YError) {
        let count = try reader.varUint()
        guard count <= reader.remaining / 2 else { throw .unexpectedEnd }
        for _ in 0..<count {
            let client = try reader.varUint()
            self.clocks[client] = try reader.varUint()
        }
    }

    /// The highest client first.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter()
        self.write(to: &writer)
        return writer.bytes
    }

    func write(to writer: inout ByteWriter) {
        writer.varUint(self.clocks.count)
        for (client, clock) in self.clocks.sorted(by: { $0.key > $1.key }) {
            writer.varUint(client)
            writer.varUint(clock)
        }
    }
}
