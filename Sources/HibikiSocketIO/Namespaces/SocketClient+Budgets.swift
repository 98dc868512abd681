// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
package import HibikiSocketIOCodec
import HibikiWire
import Synchronization

extension SocketClient {
    /// Counts what the client has sent, under the lock that its packets are read under.
    ///
    /// - Parameter packet: `nil` for a part of one.
    func count(_ packet: SocketPacket?, _ bytes: Int, _ state: inout State) -> ConnectionBudget.Verdict {
        guard self.hasBudgets, let budgets = self.budgets else { return .granted }
        let payers = self.payers(state)
        guard let packet else {
            state.budget.owe(Spending(bytes: bytes), with: payers, budgets, at: self.server.deadlines.now())
            return .granted
        }
        let cost = Spending(messages: 1, bytes: bytes, joins: packet.isConnect ? 1 : 0)
        return state.budget.spend(cost, with: payers, budgets, at: self.server.deadlines.now())
    }

    /// The same for an event.
    func countEvent(of bytes: Int, _ state: inout State) -> ConnectionBudget.Verdict {
        guard self.hasBudgets, let budgets = self.budgets else { return .granted }
        let cost = Spending(messages: 1, bytes: bytes)
        return state.budget.spend(cost, with: self.payers(state), budgets, at: self.server.deadlines.now())
    }

    /// Counts something else; see ``Socket/spend(_:_:)``.
    func spend(_ spending: Spending) -> ConnectionBudget.Verdict {
        guard let budgets = self.budgets else { return .granted }
        return self.state.withLock { state in
            let payers = self.payers(state)
            return state.budget.spend(spending, with: payers, budgets, at: self.server.deadlines.now())
        }
    }

    private var hasBudgets: Bool { self.budgets?.isOn ?? false }

    private func payers(_ state: State) -> Payers {
        Payers(principal: state.principal, address: self.connection.addressBuckets)
    }

    /// A packet that was too much. What answers the server, or ends something, is taken all the same.
    func refused(_ packet: SocketPacket, _ entry: Entry?, _ refusal: BudgetRefusal) {
        switch (packet.kind, entry) {
        case (.event, .joined(let socket)):
            socket.refused(packet.id, with: refusal)
        case (.connect, nil):
            self.refuse(self.name(of: packet.namespace), with: refusal)
        case (.event, _), (.connect, _), (.ack, _), (.disconnect, _), (.nothing, _), (.connectError, _):
            self.received(packet, entry)
        }
    }

    // MARK: Tokens

    /// - Returns: why no other token of this address is looked at, if that is so.
    func refusesTokens() -> BudgetRefusal? {
        self.budgets?.refusesTokens(
            of: self.connection.addressBuckets, at: self.server.deadlines.now())
    }

    /// The client has shown whose it is.
    ///
    /// - Parameter isNew: whether it was nobody's before, so that another session of the principal begins.
    /// - Returns: why it may not begin now, if that is so.
    func belongs(to principal: Principal) -> BudgetRefusal? {
        guard let budgets = self.budgets,
            let buckets = budgets.buckets(of: principal, at: self.server.deadlines.now())
        else { return nil }
        return self.state.withLock { state in
            if state.principal == nil {
                let payers = Payers(principal: buckets)
                let verdict = state.budget.spend(
                    Spending(connects: 1), with: payers, budgets, at: self.server.deadlines.now())
                if let refusal = verdict.refusal { return refusal }
            }
            state.principal = buckets
            return nil
        }
    }
}

extension SocketPacket {
    fileprivate var isConnect: Bool {
        if case .connect = self.kind { true } else { false }
    }
}

extension BudgetRefusal: ClientVisibleError {
    package var message: String { self.wireError.message }

    /// The code stands in the data, for programs.
    package var data: JSON? {
        [
            "code": .string(self.wireError.code.rawValue), "retry": true,
            "retryAfter": .integer(self.milliseconds),
        ]
    }
}

extension Socket {
    /// An event that is not handled, because it was too much. The client is told in its ack, or with an event `error`.
    func refused(_ id: UInt64?, with refusal: BudgetRefusal) {
        self.tell(refusal, Ack(id.map { Ack.Pending(id: $0, socket: self) }))
    }

    private func tell(_ refusal: BudgetRefusal, _ ack: Ack) {
        if ack.isWanted {
            ack.fail(refusal)
        } else {
            let error: JSON = ["message": .string(refusal.message), "data": refusal.data ?? .null]
            self.emit("error", error)
        }
    }

    /// Counts what an event costs beside being a message.
    ///
    /// - Throws: if that is too much. The client has been told then.
    package func spend(_ spending: Spending, for ack: Ack) throws(BudgetRefusal) {
        let verdict = self.client.spend(spending)
        guard let refusal = verdict.refusal else { return }
        self.tell(refusal, ack)
        if case .exhausted = verdict { self.client.shut(with: .forcedServerClose) }
        throw refusal
    }
}
