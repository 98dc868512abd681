// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import NIOCore
import Synchronization
import Testing

@testable import HibikiTransports

@Suite struct `The admission of connections` {
    private func address(_ ip: String, port: Int = 1) throws -> Admission.Address {
        Admission.Address(NetworkAddress(try SocketAddress(ipAddress: ip, port: port)))
    }

    @Test func `counts an address, whatever its port`() throws {
        #expect(try self.address("192.0.2.1", port: 1) == self.address("192.0.2.1", port: 65_535))
        #expect(try self.address("192.0.2.1") != self.address("192.0.2.2"))
        #expect(try self.address("2001:db8::1", port: 1) == self.address("2001:db8::1", port: 2))
    }

    @Test func `takes an IPv4 address in the clothes of IPv6 for what it is`() throws {
        #expect(try self.address("::ffff:192.0.2.1") == self.address("192.0.2.1"))
        #expect(try self.address("::ffff:192.0.2.1") != self.address("::ffff:192.0.2.2"))
        #expect(try self.address("::1") != self.address("0.0.0.1"))
    }

    @Test func `takes all of a customer's IPv6 addresses for one`() throws {
        #expect(try self.address("2001:db8:0:1::1") == self.address("2001:db8:0:1:ffff:ffff:ffff:ffff"))
        #expect(try self.address("2001:db8:0:1::1") != self.address("2001:db8:0:2::1"))
    }

    private let start = NIODeadline.uptimeNanoseconds(1)

    /// Who got in, and why the others did not.
    private func enter(
        _ admission: Admission, _ addresses: [Admission.Address], isProxy: Bool = false, after: TimeAmount = .zero
    ) -> [Admission.Refusal?] {
        addresses.map { address in
            do throws(Admission.Refusal) {
                _ = try admission.enter(address, isProxy: isProxy, at: self.start + after)
                return nil
            } catch {
                return error
            }
        }
    }

    @Test func `ends at the bound of an address and goes on with others`() throws {
        let admission = Admission(limit: 10, limitPerAddress: 2)
        let (one, other) = (try self.address("192.0.2.1"), try self.address("192.0.2.2"))
        #expect(self.enter(admission, [one, one, one]) == [nil, nil, .address])
        #expect(self.enter(admission, [other]) == [nil])
        admission.leave(one)
        #expect(self.enter(admission, [one, one]) == [nil, .address])
        #expect(admission.total == 3)
    }

    @Test func `ends at the bound of all together`() throws {
        let admission = Admission(limit: 3, limitPerAddress: 10)
        let addresses = try (1...4).map { try self.address("192.0.2.\($0)") }
        #expect(self.enter(admission, addresses) == [nil, nil, nil, .total])
        admission.leave(addresses[0])
        #expect(self.enter(admission, [addresses[3]]) == [nil])
    }

    @Test func `lets an address in as fast as it may come, and others beside it`() throws {
        var budgets = BudgetConfiguration.off
        budgets.connectsOfAddress = Budget(10, burst: 2)
        let admission = Admission(limit: 100, limitPerAddress: 100, budgets: Budgets(budgets))
        let (one, other) = (try self.address("192.0.2.1"), try self.address("192.0.2.2"))
        let refused = self.enter(admission, [one, one, one])
        #expect(refused.prefix(2) == [nil, nil])
        guard case .rate(let refusal)? = refused.last ?? nil else {
            Issue.record("the third was let in")
            return
        }
        #expect(refusal.name == .connectsOfAddress && refusal.milliseconds == 100)
        #expect(RequestRefusal(.rate(refusal)).status == 429)
        #expect(self.enter(admission, [other]) == [nil])
        #expect(self.enter(admission, [one], after: .milliseconds(100)) == [nil])
        #expect(admission.total == 4)
    }

    @Test func `remembers how fast an address came that has gone`() throws {
        var budgets = BudgetConfiguration.off
        budgets.connectsOfAddress = Budget(1, per: .minute, burst: 3)
        let admission = Admission(limit: 100, limitPerAddress: 100, budgets: Budgets(budgets))
        let one = try self.address("192.0.2.1")
        for _ in 0..<3 {
            #expect(self.enter(admission, [one]) == [nil])
            admission.leave(one)
        }
        #expect(self.enter(admission, [one]) != [nil])
    }

    @Test func `lets all together in as fast as they may come`() throws {
        var budgets = BudgetConfiguration.off
        budgets.connects = Budget(1, burst: 2)
        let admission = Admission(limit: 100, limitPerAddress: 100, budgets: Budgets(budgets))
        let refused = self.enter(admission, try (1...3).map { try self.address("192.0.2.\($0)") })
        #expect(refused.prefix(2) == [nil, nil])
        guard case .rate(let refusal)? = refused.last ?? nil else {
            Issue.record("the third was let in")
            return
        }
        #expect(refusal.name == .connects && refusal.seconds == 1)
        #expect(RequestRefusal(.rate(refusal)).status == 503)
    }

    @Test func `counts those behind a proxy for their own addresses, once`() throws {
        var budgets = BudgetConfiguration.off
        budgets.connectsOfAddress = Budget(1, burst: 1)
        let admission = Admission(limit: 100, limitPerAddress: 100, budgets: Budgets(budgets))
        let (proxy, client) = (try self.address("192.0.2.1"), try self.address("198.51.100.1"))
        #expect(self.enter(admission, [proxy, proxy, proxy], isProxy: true) == [nil, nil, nil])
        let buckets = try admission.move(from: proxy, to: client, isNew: true, at: self.start)
        #expect(throws: Admission.Refusal.self) {
            try admission.move(from: proxy, to: client, isNew: true, at: self.start)
        }
        // A request of a client that is known, over a connection that others use too.
        let again = try admission.move(from: proxy, to: client, isNew: false, at: self.start)
        #expect(again === buckets)
    }

    @Test func `counts right when many come and go at once`() async throws {
        let admission = Admission(limit: 50, limitPerAddress: 1_000)
        let address = try self.address("192.0.2.1")
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<8 {
                tasks.addTask {
                    for _ in 0..<1_000 where (try? admission.enter(address, at: .now())) != nil {
                        admission.leave(address)
                    }
                }
            }
        }
        #expect(admission.total == 0)
    }
}
