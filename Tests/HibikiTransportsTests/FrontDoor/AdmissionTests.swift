// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

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

    @Test func `ends at the bound of an address and goes on with others`() throws {
        let admission = Admission(limit: 10, limitPerAddress: 2)
        let (one, other) = (try self.address("192.0.2.1"), try self.address("192.0.2.2"))
        #expect((0..<3).map { _ in admission.enter(one) } == [true, true, false])
        #expect(admission.enter(other))
        admission.leave(one)
        #expect(admission.enter(one))
        #expect(!admission.enter(one))
        #expect(admission.total == 3)
    }

    @Test func `ends at the bound of all together`() throws {
        let admission = Admission(limit: 3, limitPerAddress: 10)
        let addresses = try (1...4).map { try self.address("192.0.2.\($0)") }
        #expect(addresses.map(admission.enter) == [true, true, true, false])
        admission.leave(addresses[0])
        #expect(admission.enter(addresses[3]))
    }

    @Test func `counts right when many come and go at once`() async throws {
        let admission = Admission(limit: 50, limitPerAddress: 1_000)
        let address = try self.address("192.0.2.1")
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<8 {
                tasks.addTask {
                    for _ in 0..<1_000 where admission.enter(address) {
                        admission.leave(address)
                    }
                }
            }
        }
        #expect(admission.total == 0)
    }
}
