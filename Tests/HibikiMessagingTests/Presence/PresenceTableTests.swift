// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import Testing

@Suite struct `The presence of people` {
    private static func at(_ seconds: Double) -> Timestamp { Timestamp(milliseconds: Int64(seconds * 1_000)) }

    private let phone = PresenceDevice.connection(1)
    private let desk = PresenceDevice.connection(2)

    @Test func `tells at once of somebody who comes, and only once`() {
        var table = PresenceTable()
        table.saw(self.phone, of: "alice", at: Self.at(1))
        #expect(table.step(at: Self.at(1)) == [PresenceChange("alice", Presence(.online))])
        table.saw(self.phone, of: "alice", at: Self.at(2))
        #expect(table.step(at: Self.at(2)) == [])
        #expect(table.count == 1)
    }

    @Test func `takes several devices for one person, who goes with the last of them`() {
        var table = PresenceTable()
        table.saw(self.phone, of: "alice", at: Self.at(0))
        table.saw(self.desk, of: "alice", at: Self.at(0))
        #expect(table.step(at: Self.at(0)).count == 1)
        table.lost(self.phone, of: "alice", at: Self.at(20))
        #expect(table.step(at: Self.at(30)) == [])
        table.saw(self.desk, of: "alice", at: Self.at(38))
        table.lost(self.desk, of: "alice", at: Self.at(40))
        #expect(table.step(at: Self.at(44.9)) == [])
        #expect(
            table.step(at: Self.at(45)) == [PresenceChange("alice", Presence(.offline, lastSeen: Self.at(38)))])
        #expect(table.presence(of: "alice") == Presence(.offline, lastSeen: Self.at(38)))
        #expect(table.count == 0)
    }

    @Test func `says nothing of a page that is loaded again`() {
        var table = PresenceTable()
        table.saw(self.phone, of: "alice", at: Self.at(0))
        #expect(table.step(at: Self.at(0)).count == 1)
        table.lost(self.phone, of: "alice", at: Self.at(100))
        #expect(table.step(at: Self.at(101)) == [])
        table.saw(self.desk, of: "alice", at: Self.at(102))
        for second in 102..<150 { #expect(table.step(at: Self.at(Double(second))) == []) }
    }

    @Test func `takes somebody for away only when every device says so`() {
        var table = PresenceTable()
        table.set(away: true, self.phone, of: "alice", at: Self.at(0))
        table.saw(self.desk, of: "alice", at: Self.at(0))
        #expect(table.presence(of: "alice").status == .online)
        table.set(away: true, self.desk, of: "alice", at: Self.at(0))
        #expect(table.step(at: Self.at(0)) == [PresenceChange("alice", Presence(.away))])
        table.saw(self.desk, of: "alice", at: Self.at(11))
        #expect(table.step(at: Self.at(11)) == [])
        table.set(away: false, self.phone, of: "alice", at: Self.at(12))
        #expect(table.step(at: Self.at(12)) == [PresenceChange("alice", Presence(.online))])
    }

    @Test func `forgets a device of which nothing was seen for the time to live`() {
        var table = PresenceTable()
        table.saw(.requests, of: "alice", at: Self.at(0))
        table.saw(self.phone, of: "bob", at: Self.at(10))
        #expect(table.step(at: Self.at(10)).count == 2)
        table.saw(.requests, of: "alice", at: Self.at(30))
        #expect(table.step(at: Self.at(69.9)) == [])
        #expect(table.presence(of: "bob").status == .online)
        #expect(table.step(at: Self.at(70)) == [])
        #expect(table.presence(of: "bob") == Presence(.offline, lastSeen: Self.at(10)))
        #expect(table.step(at: Self.at(75)) == [PresenceChange("bob", Presence(.offline, lastSeen: Self.at(10)))])
        #expect(table.presence(of: "alice").status == .online)
        #expect(table.step(at: Self.at(90)) == [])
        #expect(table.step(at: Self.at(95)).map(\.person) == ["alice"])
    }

    @Test func `tells of somebody who comes and goes all the time once in a window`() {
        var table = PresenceTable()
        var told = 0
        for tick in 0..<6_000 {
            let now = Self.at(Double(tick) / 10)
            if (tick / 70) % 2 == 0 {
                table.saw(self.phone, of: "alice", at: now)
            } else {
                table.lost(self.phone, of: "alice", at: now)
            }
            told += table.step(at: now).count
        }
        // 600 seconds of windows of 10 seconds, and 85 changes in them.
        #expect((30...60).contains(told), "\(told)")
    }

    @Test func `tells a storm of a thousand people once for each`() {
        var table = PresenceTable()
        for round in 0..<20 {
            for person in 0..<1_000 {
                let now = Self.at(Double(round) / 4)
                table.saw(self.phone, of: "p\(person)", at: now)
                if round < 19 { table.lost(self.phone, of: "p\(person)", at: now) }
            }
        }
        #expect(table.step(at: Self.at(5)).count == 1_000)
        #expect(table.step(at: Self.at(6)) == [])
    }

    @Test func `drops connections that a look has not found, without those that came during it`() {
        var table = PresenceTable()
        table.saw(self.phone, of: "alice", at: Self.at(0))
        table.saw(.requests, of: "bob", at: Self.at(0))
        #expect(table.step(at: Self.at(0)).count == 2)
        table.saw(self.desk, of: "carol", at: Self.at(10))
        table.keepConnections(of: [ExactString("dave"): [self.desk]], lookedSince: Self.at(9), at: Self.at(11))
        #expect(table.presence(of: "alice").status == .offline)
        #expect(table.presence(of: "bob").status == .online)
        #expect(table.presence(of: "carol").status == .online)
        #expect(table.presence(of: "dave").status == .online)
    }

    @Test func `remembers when somebody was seen last of so many, and no more`() {
        var configuration = PresenceTable.Configuration()
        configuration.remembered = 2
        var table = PresenceTable(configuration)
        for (index, person) in ["alice", "bob", "carol"].enumerated() {
            table.saw(.requests, of: person, at: Self.at(Double(index)))
        }
        #expect(table.step(at: Self.at(3)).count == 3)
        #expect(table.step(at: Self.at(70)) == [])
        #expect(table.step(at: Self.at(80)).count == 3)
        table.saw(.requests, of: "dave", at: Self.at(100))
        #expect(table.step(at: Self.at(100)).count == 1)
        #expect(table.step(at: Self.at(165)).count == 0)
        #expect(table.presence(of: "alice") == .unknown)
        #expect(table.presence(of: "bob") == .unknown)
        #expect(table.presence(of: "carol") == Presence(.offline, lastSeen: Self.at(2)))
        #expect(table.presence(of: "dave") == Presence(.offline, lastSeen: Self.at(100)))
    }

    @Test(arguments: [(16, 17, 17), (16, 18, 15), (Int.max, 40, 40), (-1, 3, 0)])
    func `forgets those who have gone in portions`(_ remembered: Int, _ people: Int, _ left: Int) {
        var configuration = PresenceTable.Configuration()
        configuration.remembered = remembered
        var table = PresenceTable(configuration)
        for person in 0..<people { table.saw(.requests, of: "p\(person)", at: Self.at(Double(person) / 100)) }
        #expect(table.step(at: Self.at(1)).count == people)
        #expect(table.step(at: Self.at(70)) == [])
        #expect(table.step(at: Self.at(80)).count == people)
        // Somebody has to run out for it.
        table.saw(.connection(1), of: "last", at: Self.at(100))
        #expect(table.step(at: Self.at(165)) == [])
        let known = (0..<people).count { table.presence(of: "p\($0)") != .unknown }
        #expect(known == left, "\(known)")
    }

    @Test func `counts so many devices of one person, and no more`() {
        var configuration = PresenceTable.Configuration()
        configuration.devices = 2
        var table = PresenceTable(configuration)
        for number in 1...3 { table.saw(.connection(UInt64(number)), of: "alice", at: Self.at(Double(number))) }
        table.lost(.connection(2), of: "alice", at: Self.at(4))
        table.lost(.connection(3), of: "alice", at: Self.at(4))
        #expect(table.presence(of: "alice").status == .offline)
    }

    @Test func `takes nobody for somebody whose name looks the same`() {
        let (one, other) = ("Zo\u{EB}", "Zoe\u{308}")
        var table = PresenceTable()
        table.saw(self.phone, of: one, at: Self.at(0))
        #expect(table.presence(of: one).status == .online)
        #expect(table.presence(of: other) == .unknown)
        table.lost(self.phone, of: other, at: Self.at(1))
        #expect(table.presence(of: one).status == .online)
        table.keepConnections(of: [ExactString(other): [self.desk]], lookedSince: Self.at(2), at: Self.at(2))
        #expect(table.presence(of: one).status == .offline)
        #expect(table.presence(of: other).status == .online)
        #expect(table.count == 1)
        #expect(Attendance().present(among: [one]).isEmpty)
    }
}
