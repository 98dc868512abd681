// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import Synchronization

/// How other threads reach what lives on an event loop: they leave something here, and the loop takes all of it in one turn.
final class LoopInbox: Sendable {
    enum Item: Sendable {
        case publication(Delivery)
        case signal(SignalDelivery)
        case call(@Sendable (LoopHub) -> Void)

        /// Whether it is a publication of the same log as another, in the same life of that log.
        func isOfLog(of other: Publication) -> Bool {
            guard let publication = self.delivery?.publication else { return false }
            return publication.topic == other.topic && publication.position.epoch == other.position.epoch
        }

        var delivery: Delivery? {
            switch self {
            case .publication(let delivery): delivery
            case .signal, .call: nil
            }
        }
    }

    private struct State {
        var items: [Item] = []
        /// A turn has been asked for that has not begun.
        var isAwake = false
    }

    let eventLoop: any EventLoop
    private let state = Mutex(State())
    /// Whether something has been left since the last ``take()``: for the loop's own thread, which asks often.
    private let hasItems = Atomic(false)
    private let owner: NIOLoopBoundBox<LoopHub?>

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        self.owner = .makeEmptyBox(valueType: LoopHub.self, eventLoop: eventLoop)
    }

    /// Says who takes what is left here. To be called on the event loop.
    func attach(_ owner: LoopHub) {
        self.owner.value = owner
        // What was left before could not be taken.
        self.eventLoop.execute { self.owner.value?.drain() }
    }

    /// Whether all that the caller knows to have been left here has been taken.
    var isEmpty: Bool { !self.hasItems.load(ordering: .acquiring) }

    func post(_ item: Item) {
        self.wake {
            $0.items.append(item)
            self.hasItems.store(true, ordering: .releasing)
        }
    }

    /// Asks for a turn.
    func wake() {
        self.wake { _ in }
    }

    func take() -> [Item] {
        self.state.withLock { state in
            state.isAwake = false
            self.hasItems.store(false, ordering: .releasing)
            return exchange(&state.items, with: [])
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        let isFirst = self.state.withLock { state in
            change(&state)
            return !exchange(&state.isAwake, with: true)
        }
        guard isFirst else { return }
        self.eventLoop.execute { self.owner.value?.drain() }
    }
}

private func exchange<Value>(_ value: inout Value, with new: Value) -> Value {
    let old = value
    value = new
    return old
}
