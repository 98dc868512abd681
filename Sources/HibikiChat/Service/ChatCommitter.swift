// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire

/// What the writer is given.
public struct ChatWork: Sendable {
    enum Kind: Sendable {
        case order(ChatOrder, ChatNeeds)
        case erasure(Erasure, ErasureStep, limit: Int)
    }

    let kind: Kind

    init(_ kind: Kind) {
        self.kind = kind
    }
}

/// Commits what has queued up, and tells of it.
struct ChatCommitter: Sendable {
    private struct Item: Sendable {
        let order: ChatOrder
        let needs: ChatNeeds
    }

    /// How often one batch may run into somebody who is in the way, each of which takes as long as the store waits. What is left
    /// of the batch then fails with it, so that what queues up behind has its turn.
    private static let patience = 4

    let store: any ChatStore
    let outlet: any ChatOutlet
    let unread: UnreadPusher
    let herald: Herald
    let configuration: ChatService.Configuration

    /// Runs of commands become one transaction each; a part of an erasure stands between two of them, so that its events keep their place.
    func commit(_ batch: [ChatWork]) async -> [Result<ChatResult, any Error>] {
        var results: [Result<ChatResult, any Error>] = []
        results.reserveCapacity(batch.count)
        var items: [Item] = []
        for work in batch {
            switch work.kind {
            case .order(let order, let needs):
                items.append(Item(order: order, needs: needs))
            case .erasure(let erasure, let step, let limit):
                results += await self.commit(items)
                items = []
                results.append(await self.erase(erasure, step, limit: limit))
            }
        }
        return results + (await self.commit(items))
    }

    private func commit(_ items: [Item]) async -> [Result<ChatResult, any Error>] {
        guard !items.isEmpty else { return [] }
        var patience = Self.patience
        return await self.commit(items, &patience)
    }

    /// Together; and when that fails for something that is the matter with a few of them, in parts, so that it fails for those.
    private func commit(_ items: [Item], _ patience: inout Int) async -> [Result<ChatResult, any Error>] {
        do {
            return try await self.commitTogether(items)
        } catch {
            let fate = (error as? any ChatStoreFailure)?.fate ?? .unknown
            switch fate {
            case .refused: break
            case .blocked: patience -= 1
            case .unavailable, .unknown: patience = 0
            }
            var results: [Result<ChatResult, any Error>] = items.map { _ in .failure(error) }
            for part in Self.parts(of: items, after: fate) where patience > 0 {
                let outcomes = await self.commit(part.map { items[$0] }, &patience)
                for (index, outcome) in zip(part, outcomes) { results[index] = outcome }
            }
            return results
        }
    }

    /// What may be stored apart, as indices: the rooms, and then the halves of one room's. A room that somebody is in the way of
    /// is left as it is.
    private static func parts(of items: [Item], after fate: ChatStoreFate) -> [[Int]] {
        guard items.count > 1, fate == .refused || fate == .blocked else { return [] }
        let rooms = Dictionary(grouping: items.indices) { items[$0].needs.rooms }
        if rooms.count > 1 { return rooms.values.sorted { $0[0] < $1[0] } }
        let middle = items.count / 2
        return fate == .refused ? [Array(0..<middle), Array(middle..<items.count)] : []
    }

    private func commitTogether(_ items: [Item]) async throws -> [Result<ChatResult, any Error>] {
        let limits = self.configuration.limits
        let policy = self.configuration.policy
        var needs = ChatNeeds()
        for item in items { needs.formUnion(item.needs) }
        let outcomes = try await self.store.commit(needs) { facts in
            var ledger = ChatLedger(facts, limits: limits, policy: policy)
            let outcomes = items.map { ledger.decide($0.order) }
            return (ledger.changes, outcomes)
        }
        self.tell(outcomes.flatMap(\.happenings))
        return outcomes.map(\.result)
    }

    private func tell(_ happenings: [Happening]) {
        guard !happenings.isEmpty else { return }
        self.outlet.publish(ChatNews.of(happenings))
        self.unread.note(happenings)
        self.herald.note(happenings)
    }

    private func erase(
        _ erasure: Erasure, _ step: ErasureStep, limit: Int
    ) async -> Result<ChatResult, any Error> {
        do {
            let portion = try await self.store.erase(erasure, step, limit: limit)
            var happenings: [Happening] = []
            if let erased = portion.room {
                if erased.wasJoined { happenings.append(.removed(erasure.user, erased.room, .left)) }
                happenings += erased.events.map { .event(EventRow(event: $0, message: nil), erased.room) }
            }
            if portion.next == nil {
                happenings.append(.withdrawn(.person(erasure.user, pseudonym: erasure.pseudonym)))
            }
            self.tell(happenings)
            return .success(.erasing(portion.room?.room.id, next: portion.next))
        } catch {
            return .failure(error)
        }
    }
}
