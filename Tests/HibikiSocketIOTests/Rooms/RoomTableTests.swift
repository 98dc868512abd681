// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTestSupport
import Testing

@testable import HibikiSocketIO

@Suite struct `The rooms of one event loop` {
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `choose as sets would, whoever joins and leaves`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var table = RoomTable()
        var model: [String: Set<String>] = [:]
        var entries: [String: MemberEntry] = [:]
        let names = ["a", "b", "c", "d", "m1", "m2"]
        for step in 0..<4_000 {
            let id = "m\(Int.random(in: 0..<12, using: &generator))"
            let room = try #require(names.randomElement(using: &generator))
            switch (entries[id], Int.random(in: 0..<10, using: &generator)) {
            case (nil, _):
                let entry = MemberEntry(seat: RoomSeat(id: id, loop: 0), member: RecordingMember(id))
                table.insert(entry)
                entries[id] = entry
                model[id] = [id]
            case (let entry?, 0):
                for place in entry.places { _ = table.leave(entry, place.room.name) }
                table.remove(entry)
                entries[id] = nil
                model[id] = nil
            case (let entry?, 1...6):
                let change = table.join(entry, room, at: 0)
                #expect((change != .none) == (model[id]?.insert(room).inserted ?? false))
            case (let entry?, _) where room != id:
                let change = table.leave(entry, room)
                #expect((change != .none) == (model[id]?.remove(room) != nil))
            default:
                break
            }
            guard step.isMultiple(of: 5) else { continue }
            let audience = Audience(
                rooms: names.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 },
                except: names.filter { _ in Int.random(in: 0..<6, using: &generator) == 0 },
                leftOut: Bool.random(using: &generator) ? "m3" : nil)
            var chosen: [String] = []
            table.select(audience) { chosen.append($0.id) }
            let expected = model.filter { id, rooms in
                (audience.rooms.isEmpty || !rooms.isDisjoint(with: audience.rooms))
                    && rooms.isDisjoint(with: audience.except) && id != audience.leftOut
            }
            #expect(chosen.sorted() == expected.keys.sorted())
            #expect(entries.values.filter { $0.belongs(to: audience) }.map(\.id).sorted() == chosen.sorted())
        }
    }

    @Test func `are told apart by the bytes of their names`() {
        // One letter with its accent, and the same letter and the accent behind it.
        let (one, other) = ("caf\u{E9}", "cafe\u{301}")
        var table = RoomTable()
        for (id, room) in [("m1", one), ("m2", other), ("m3", one), ("m3", other)] {
            let known = table.entry(id: id)
            let entry = known ?? MemberEntry(seat: RoomSeat(id: id, loop: 0), member: RecordingMember(id))
            if known == nil { table.insert(entry) }
            #expect(table.join(entry, room, at: 0) != .none)
        }
        func chosen(_ audience: Audience) -> [String] {
            var chosen: [String] = []
            table.select(audience) { chosen.append($0.id) }
            return chosen.sorted()
        }
        #expect(chosen(Audience(rooms: [one])) == ["m1", "m3"])
        #expect(chosen(Audience(rooms: [other])) == ["m2", "m3"])
        #expect(chosen(Audience(rooms: [one], except: [other])) == ["m1"])
        #expect(Audience(rooms: [one]) != Audience(rooms: [other]))
        #expect(Audience(rooms: [one]) == Audience(rooms: [one]))
        guard let first = table.entry(id: "m1") else { return }
        #expect(table.leave(first, other) == .none)
        #expect(table.leave(first, one) == .changed)
        #expect(chosen(Audience(rooms: [one])) == ["m3"])
    }
}
