// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiMetrics
import HibikiWire
import Synchronization

/// Counts what the chat does.
final class ChatMeter: Sendable {
    private struct State {
        var commands: [ChatCommand.Name: Int] = [:]
        var refusals: [WireErrorCode: Int] = [:]
        var messages = 0
        var duplicates = 0
        var commits = HistogramValue(bounds: MetricsRegistry.defaultBounds)
        var failures = 0
        var storeWorks = true
    }

    private let state = Mutex(State())

    /// Whether the store has done what was asked of it last.
    var storeWorks: Bool { self.state.withLock { $0.storeWorks } }

    func count(_ name: ChatCommand.Name, _ result: Result<ChatResult, WireError>) {
        self.state.withLock { state in
            state.commands[name, default: 0] += 1
            switch result {
            case .success(.sent(_, isDuplicate: false)): state.messages += 1
            case .success(.sent(_, isDuplicate: true)): state.duplicates += 1
            case .success: break
            case .failure(let error): state.refusals[error.code, default: 0] += 1
            }
        }
    }

    /// A command that changes something was stored.
    func stored(in seconds: Double) {
        self.state.withLock { state in
            state.commits.observe(seconds)
            state.storeWorks = true
        }
    }

    func storeFailed() {
        self.state.withLock { state in
            state.failures += 1
            state.storeWorks = false
        }
    }

    /// The store has answered.
    func storeAnswered() {
        self.state.withLock { $0.storeWorks = true }
    }

    func register(with registry: MetricsRegistry, _ chat: Chat) {
        registry.addCollector { [self] in self.families(waiting: chat.service.waiting, people: chat.attendance.count) }
    }

    private static func series(_ counts: [(name: String, count: Int)], _ label: String) -> [MetricFamily.Series] {
        counts.sorted { $0.name < $1.name }.map { name, count in
            MetricFamily.Series(.integer(Int64(count)), labels: [MetricFamily.Label(label, name)])
        }
    }

    private func families(waiting: Int, people: Int) -> [MetricFamily] {
        let state = self.state.withLock { $0 }
        return [
            MetricFamily(
                "hibiki_chat_commands_total", .counter, help: "Commands of the chat, by name.",
                Self.series(state.commands.map { ($0.key.rawValue, $0.value) }, "command")),
            MetricFamily(
                "hibiki_chat_refusals_total", .counter,
                help: "Commands of the chat that were refused, by the error's code.",
                Self.series(state.refusals.map { ($0.key.rawValue, $0.value) }, "code")),
            MetricFamily("hibiki_chat_messages_total", .counter, help: "Messages that were stored.", state.messages),
            MetricFamily(
                "hibiki_chat_duplicates_total", .counter, help: "Messages that were sent again, and stored once.",
                state.duplicates),
            MetricFamily("hibiki_chat_queue", .gauge, help: "Commands that wait to be stored.", waiting),
            MetricFamily("hibiki_chat_people_present", .gauge, help: "People who are there on this node.", people),
            MetricFamily(
                "hibiki_chat_commit_seconds", .histogram,
                help: "From when a command that changes something came until it was stored.",
                [.init(.histogram(state.commits))]),
            MetricFamily(
                "hibiki_chat_store_failures_total", .counter, help: "Commands that the store has failed at.",
                state.failures),
        ]
    }
}
