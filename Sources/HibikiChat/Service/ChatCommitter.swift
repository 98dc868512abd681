// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire

/// What the writer is given.
public struct ChatWork: Sendable {
    enum Kind: Sendable {
        case order(ChatOrder, ChatNeeds)
        case erasure(Erasure)
    }

    let kind: Kind

    init(_ kind: Kind) {
        self.kind = kind
    }
}

/// Commits what has queued up, and tells of it.
struct ChatCommitter: Sendable {
    let store: any ChatStore
    let outlet: any ChatOutlet
    let unread: UnreadPusher
    let configuration: ChatService.Configuration

    /// Runs of commands become one transaction each; an erasure stands between two of them, so that its events keep their place.
    func commit(_ batch: [ChatWork]) async -> [Result<ChatResult, any Error>] {
        var results: [Result<ChatResult, any Error>] = []
        results.reserveCapacity(batch.count)
        var orders: [ChatOrder] = []
        var needs = ChatNeeds()
        for work in batch {
            switch work.kind {
            case .order(let order, let its):
                orders.append(order)
                needs.formUnion(its)
            case .erasure(let erasure):
                results += await self.commit(orders, needs)
                orders = []
                needs = ChatNeeds()
                results.append(await self.erase(erasure))
            }
        }
        results += await self.commit(orders, needs)
        return results
    }

    private func commit(_ orders: [ChatOrder], _ needs: ChatNeeds) async -> [Result<ChatResult, any Error>] {
        guard !orders.isEmpty else { return [] }
        let limits = self.configuration.limits
        let policy = self.configuration.policy
        do {
            let outcomes = try await self.store.commit(needs) { facts in
                var ledger = ChatLedger(facts, limits: limits, policy: policy)
                let outcomes = orders.map { ledger.decide($0) }
                return (ledger.changes, outcomes)
            }
            self.tell(outcomes.flatMap(\.happenings))
            return outcomes.map(\.result)
        } catch {
            return orders.map { _ in .failure(error) }
        }
    }

    private func tell(_ happenings: [Happening]) {
        guard !happenings.isEmpty else { return }
        self.outlet.publish(ChatNews.of(happenings))
        self.unread.note(happenings)
    }

    private func erase(_ erasure: Erasure) async -> Result<ChatResult, any Error> {
        do {
            let rooms = try await self.store.erase(erasure)
            var happenings: [Happening] = []
            for erased in rooms {
                happenings.append(.removed(erasure.user, erased.room, .left))
                happenings += erased.events.map { .event(EventRow(event: $0, message: nil), erased.room) }
            }
            self.tell(happenings)
            return .success(.erased(pseudonym: erasure.pseudonym, rooms: rooms.count))
        } catch {
            return .failure(error)
        }
    }
}
