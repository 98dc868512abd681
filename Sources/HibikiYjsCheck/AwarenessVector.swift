// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiYjs

/// The rules of awareness clocks, step by step.
struct AwarenessVector {
    private let vector: YValue

    init(_ vector: YValue) { self.vector = vector }

    func run(_ report: inout CheckReport) {
        let now = ContinuousClock.now
        var awareness = YAwareness(clientID: self.vector["localClientID"]?.int ?? 0)
        awareness.setLocalState([:], at: now)
        for (index, step) in (self.vector["steps"]?.array ?? []).enumerated() {
            let name = "step \(index)"
            var change = YAwarenessChange()
            do {
                if let hex = step["applyHex"]?.hex {
                    change = try awareness.apply(hex, at: now)
                } else if let clients = step["removeStates"]?.array {
                    change = awareness.remove(clients.compactMap(\.int), at: now)
                } else if let state = step["setLocalState"] {
                    change = awareness.setLocalState(state == .null ? nil : state, at: now)
                }
            } catch {
                report.fail(name, "\(error)")
            }
            if let clients = step["encodeClients"]?.array {
                let hex = Hex.string(awareness.encode(clients.compactMap(\.int)))
                report.check("\(name): encoded", hex, step["hex"]?.string)
                continue
            }
            self.check(change, step["event"] ?? .null, name, &report)
            self.check(awareness, step["after"] ?? .null, name, &report)
        }
    }

    private func check(_ change: YAwarenessChange, _ event: YValue, _ name: String, _ report: inout CheckReport) {
        func clients(_ kind: String, _ part: String) -> [Int] {
            (event[kind]?[part]?.array ?? []).compactMap(\.int)
        }
        report.check("\(name): added", change.added, clients("update", "added"))
        report.check("\(name): updated", change.updated, clients("update", "updated"))
        report.check("\(name): removed", change.removed, clients("update", "removed"))
        report.check("\(name): altered", change.altered, clients("change", "updated"))
    }

    private func check(_ awareness: YAwareness, _ after: YValue, _ name: String, _ report: inout CheckReport) {
        let states = YObject(awareness.states.map { (String($0.key), $0.value) })
        report.check("\(name): states", json: .object(states), after["states"] ?? .null)
        for (client, clock) in after["clocks"]?.object ?? [:] {
            report.check("\(name): clock of \(client)", awareness.clock(of: Int(client) ?? -1), clock.int)
        }
    }
}
