// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The formatting in force at a place: values by key, in the order in which they came to be.
struct Marks {
    private(set) var pairs: [(key: String, value: YValue)] = []

    init() {}

    init(_ object: YObject) { self.pairs = Array(object) }

    var isEmpty: Bool { self.pairs.isEmpty }
    var object: YObject { YObject(self.pairs.map { ($0.key, $0.value) }) }

    subscript(_ key: String) -> YValue? {
        get { self.pairs.first { $0.key.utf8.elementsEqual(key.utf8) }?.value }
        set {
            let place = self.pairs.firstIndex { $0.key.utf8.elementsEqual(key.utf8) }
            switch (place, newValue) {
            case (let place?, let value?): self.pairs[place].value = value
            case (let place?, nil): self.pairs.remove(at: place)
            case (nil, let value?): self.pairs.append((key, value))
            case (nil, nil): break
            }
        }
    }

    /// Takes a mark into account: null ends what is in force.
    mutating func apply(_ mark: (key: String, value: YValue)) {
        self[mark.key] = mark.value.isNull ? nil : mark.value
    }
}
