// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization

extension Socket {
    /// Does it now, or after what is being done.
    ///
    /// Closures that are not `async` are called right here. From the first one on that is, a task goes on with
    /// everything that waits; it begins on this thread, so that one which does not suspend is done when this returns.
    func perform(_ work: SocketWork) {
        let isFirst = self.state.withLock { $0.work.add(work) }
        guard isFirst else {
            if work.counts { self.client.workIsWaiting() }
            return
        }
        self.work(beginningWith: work)
    }

    /// Does what waits, after a work that never was in the queue.
    func goOn() {
        guard !self.state.withLock({ $0.work.endIfLast() }) else { return }
        if let next = self.nextWork() { self.work(beginningWith: next) }
    }

    private func work(beginningWith first: SocketWork) {
        var next: SocketWork? = first
        while var work = next {
            guard work.runInPlace(for: self) else {
                self.goOnInTask(with: work)
                return
            }
            next = self.nextWork()
        }
    }

    private func goOnInTask(with work: SocketWork) {
        if #available(macOS 26.0, iOS 26.0, tvOS 26.0, watchOS 26.0, visionOS 26.0, *) {
            Task.immediate { await self.workOn(beginningWith: work) }
        } else {
            Task { await self.workOn(beginningWith: work) }
        }
    }

    private func workOn(beginningWith first: SocketWork) async {
        var next: SocketWork? = first
        while let work = next {
            await work.run(for: self)
            next = self.nextWork()
        }
    }

    private func nextWork() -> SocketWork? {
        let work = self.state.withLock { $0.work.next() }
        if work?.counts ?? false { self.client.worksAreTaken() }
        return work
    }
}
