// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWire

/// Who is there. Several devices are one person.
///
/// A device is there from when it was seen until it has gone, or until nothing was seen of it for the time to live. Others are told
/// less than that: somebody who goes is told of only after a while, so that a page that is loaded again is no event; and nobody is
/// told of more than once in a window, in which only the last state counts. So a thousand people whose network comes and goes cost
/// what a thousand changes cost in each window, however often it does.
///
/// It has no clock: time comes in, and ``step(at:)`` is to be called about once a second.
public struct PresenceTable: Sendable {
    public struct Configuration: Hashable, Sendable {
        /// How long a device is there after something was seen of it. Default 60 s.
        public var timeToLive: Duration = .seconds(60)
        /// How long somebody has to have gone before others are told. Default 5 s.
        public var linger: Duration = .seconds(5)
        /// In how long others are told of somebody at most once. Default 10 s.
        public var window: Duration = .seconds(10)
        /// The people who have gone of whom is still known when they were seen last; those who went first are forgotten, an eighth
        /// of as many at a time. Default 100,000.
        public var remembered = 100_000
        /// The devices of one person; beyond, the one that was silent for longest counts no more. Default 64.
        public var devices = 64

        public init() {}
    }

    private struct Device {
        var seen: Timestamp
        var isAway = false
    }

    private struct Person {
        var devices: [PresenceDevice: Device] = [:]
        var status = PresenceStatus.offline
        /// When that began.
        var since: Timestamp
        /// When a device was seen last.
        var seen: Timestamp
        var told = PresenceStatus.offline
        /// When others were told last; `nil` if they never were.
        var toldAt: Timestamp?
    }

    public let configuration: Configuration
    private var people: [ExactString: Person] = [:]
    /// Those of whom others are yet to be told.
    private var changed: Set<ExactString> = []
    /// No device runs out before.
    private var nextExpiry: Timestamp?
    /// People without a device.
    private var gone = 0

    public init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
    }

    /// The people who are there.
    public var count: Int { self.people.count - self.gone }

    /// How somebody is at the moment, told or not.
    public func presence(of person: String) -> Presence {
        guard let known = self.people[ExactString(person)] else { return .unknown }
        return Self.presence(known, known.status)
    }

    private static func presence(_ person: Person, _ status: PresenceStatus) -> Presence {
        Presence(status, lastSeen: status == .offline ? person.seen : nil)
    }

    // MARK: What is seen

    /// Something has come from a device, or shows that it is there.
    public mutating func saw(_ device: PresenceDevice, of person: String, at now: Timestamp) {
        self.change(person, at: now) { known in
            known.seen = max(known.seen, now)
            known.devices[device, default: Device(seen: now)].seen = now
        }
        let expiry = now.advanced(by: self.configuration.timeToLive)
        self.nextExpiry = self.nextExpiry.map { min($0, expiry) } ?? expiry
    }

    /// A device says whether somebody looks at it. That it says so shows that it is there.
    public mutating func set(away isAway: Bool, _ device: PresenceDevice, of person: String, at now: Timestamp) {
        self.saw(device, of: person, at: now)
        self.change(person, at: now) { $0.devices[device]?.isAway = isAway }
    }

    /// A device has gone.
    public mutating func lost(_ device: PresenceDevice, of person: String, at now: Timestamp) {
        guard self.people[ExactString(person)]?.devices[device] != nil else { return }
        self.change(person, at: now) { $0.devices[device] = nil }
    }

    /// Somebody has looked at all connections: those that it has not found are gone, unless they have come since it began.
    ///
    /// - Parameter began: when the look began.
    public mutating func keepConnections(
        of found: [ExactString: Set<PresenceDevice>], lookedSince began: Timestamp, at now: Timestamp
    ) {
        let lost = self.people.compactMap { person, known in
            let there = found[person] ?? []
            let lost = known.devices.filter { $0.key.isConnection && $0.value.seen < began && !there.contains($0.key) }
            return lost.isEmpty ? nil : (person, Array(lost.keys))
        }
        self.remove(lost, at: now)
        for (person, devices) in found {
            for device in devices { self.saw(device, of: person.text, at: now) }
        }
    }

    private mutating func remove(_ devices: [(person: ExactString, devices: [PresenceDevice])], at now: Timestamp) {
        for (person, devices) in devices {
            self.change(person.text, at: now) { known in
                for device in devices { known.devices[device] = nil }
            }
        }
    }

    private mutating func change(_ text: String, at now: Timestamp, _ body: (inout Person) -> Void) {
        let name = ExactString(text)
        var person = self.people[name] ?? Person(since: now, seen: now)
        let wasGone = self.people[name].map(\.devices.isEmpty) ?? false
        body(&person)
        if person.devices.count > self.configuration.devices,
            let silent = person.devices.min(by: { $0.value.seen < $1.value.seen })
        {
            person.devices[silent.key] = nil
        }
        let status = Self.status(person)
        if status != person.status {
            person.status = status
            person.since = now
        }
        self.gone += (person.devices.isEmpty ? 1 : 0) - (wasGone ? 1 : 0)
        self.people[name] = person
        if status != person.told { self.changed.insert(name) }
    }

    private static func status(_ person: Person) -> PresenceStatus {
        guard !person.devices.isEmpty else { return .offline }
        return person.devices.values.allSatisfy(\.isAway) ? .away : .online
    }

    // MARK: What is told

    /// Forgets devices that were silent for too long, and says of whom others are to be told now, in the order of their names.
    public mutating func step(at now: Timestamp) -> [PresenceChange] {
        self.expire(at: now)
        var changes: [PresenceChange] = []
        for name in self.changed.sorted() {
            guard let person = self.people[name], person.status != person.told else {
                self.changed.remove(name)
                continue
            }
            guard now >= self.due(person) else { continue }
            self.changed.remove(name)
            self.people[name]?.told = person.status
            self.people[name]?.toldAt = now
            changes.append(PresenceChange(name.text, Self.presence(person, person.status)))
        }
        return changes
    }

    private func due(_ person: Person) -> Timestamp {
        let settled = person.status == .offline ? person.since.advanced(by: self.configuration.linger) : person.since
        guard let told = person.toldAt else { return settled }
        return max(settled, told.advanced(by: self.configuration.window))
    }

    /// Looks at everybody only when somebody can have run out.
    private mutating func expire(at now: Timestamp) {
        guard let nextExpiry = self.nextExpiry, now >= nextExpiry else { return }
        var first: Timestamp?
        var over: [(person: ExactString, devices: [PresenceDevice])] = []
        for (name, person) in self.people {
            var silent: [PresenceDevice] = []
            for (device, known) in person.devices {
                let expiry = known.seen.advanced(by: self.configuration.timeToLive)
                if now >= expiry {
                    silent.append(device)
                } else {
                    first = first.map { min($0, expiry) } ?? expiry
                }
            }
            if !silent.isEmpty { over.append((name, silent)) }
        }
        self.nextExpiry = first
        self.remove(over, at: now)
        self.forget()
    }

    private mutating func forget() {
        let remembered = max(0, self.configuration.remembered)
        // All of them are sorted for it, while everybody waits: so it is not done for each one who goes.
        let excess = self.gone - min(self.gone, remembered)
        guard excess > remembered / 8 else { return }
        let oldest = self.people.filter { $0.value.devices.isEmpty && $0.value.told == .offline }
            .sorted { $0.value.seen < $1.value.seen }.prefix(excess)
        for (name, _) in oldest {
            self.people[name] = nil
            self.changed.remove(name)
            self.gone -= 1
        }
    }
}
