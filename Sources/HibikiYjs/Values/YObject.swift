// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Keys and values in the order in which JavaScript holds them: keys that look like array indices first, by number,
/// then all others as they came. The order is on the wire, so a `Dictionary` would not do.
public struct YObject: Sendable, Equatable {
    public typealias Element = (key: String, value: YValue)

    private var pairs: [Element] = []
    /// Where each key stands; made when there are enough keys to search.
    private var places: [ExactString: Int]?
    private static let searched = 12

    public init() {}

    /// The last of several values for one key is kept, in the place of the first.
    public init(_ pairs: some Sequence<(String, YValue)>) {
        var places: [ExactString: Int] = [:]
        for (key, value) in pairs {
            let exact = ExactString(key)
            if let place = places[exact] {
                self.pairs[place].value = value
            } else {
                places[exact] = self.pairs.count
                self.pairs.append((key, value))
            }
        }
        guard self.pairs.contains(where: { Self.arrayIndex($0.key) != nil }) else {
            if self.pairs.count > Self.searched { self.places = places }
            return
        }
        self.sortArrayIndices()
    }

    private mutating func sortArrayIndices() {
        var numbered: [(number: UInt32, pair: Element)] = []
        var named: [Element] = []
        for pair in self.pairs {
            if let number = Self.arrayIndex(pair.key) { numbered.append((number, pair)) } else { named.append(pair) }
        }
        numbered.sort { $0.number < $1.number }
        self.pairs = numbered.map(\.pair) + named
        self.makePlaces()
    }

    public subscript(_ key: String) -> YValue? {
        get { self.place(of: key).map { self.pairs[$0].value } }
        set {
            guard let newValue else { return self.remove(key) }
            if let place = self.place(of: key) {
                self.pairs[place].value = newValue
            } else {
                self.insert(key, newValue)
            }
        }
    }

    private func place(of key: String) -> Int? {
        if let places = self.places { return places[ExactString(key)] }
        return self.pairs.firstIndex { $0.key.utf8.elementsEqual(key.utf8) }
    }

    private mutating func insert(_ key: String, _ value: YValue) {
        guard Self.arrayIndex(key) == nil else {
            self.pairs.append((key, value))
            return self.sortArrayIndices()
        }
        self.pairs.append((key, value))
        if self.places != nil {
            self.places?[ExactString(key)] = self.pairs.count - 1
        } else {
            self.makePlaces()
        }
    }

    private mutating func makePlaces() {
        self.places = nil
        guard self.pairs.count > Self.searched else { return }
        var places: [ExactString: Int] = [:]
        for (index, pair) in self.pairs.enumerated() { places[ExactString(pair.key)] = index }
        self.places = places
    }

    private mutating func remove(_ key: String) {
        guard let place = self.place(of: key) else { return }
        self.pairs.remove(at: place)
        self.makePlaces()
    }

    /// The number of a key that JavaScript takes for an array index: no sign, no leading zero, below 2^32 − 1.
    private static func arrayIndex(_ key: String) -> UInt32? {
        let utf8 = key.utf8
        guard let first = utf8.first, first >= 0x30, first <= 0x39, utf8.count <= 10 else { return nil }
        guard first != 0x30 || utf8.count == 1, let number = UInt32(key), number < UInt32.max else { return nil }
        return number
    }

    public static func == (left: YObject, right: YObject) -> Bool {
        left.count == right.count && left.allSatisfy { right[$0.key] == $0.value }
    }
}

extension YObject: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { self.pairs.count }
    public subscript(_ position: Int) -> Element { self.pairs[position] }
}

extension YObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, YValue)...) { self.init(elements) }
}
