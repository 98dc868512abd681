// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import Testing

@testable import HibikiTransports

@Suite struct `The buffers of an event loop` {
    private func address(_ buffer: ByteBuffer) -> UnsafeRawPointer? {
        buffer.withVeryUnsafeBytes { $0.baseAddress }
    }

    @Test func `collect what is appended until it is lent`() {
        var scratch = LoopScratch()
        scratch.appendOutput { $0.writeString("a") }
        scratch.appendOutput { $0.writeString("b") }
        #expect(scratch.pendingOutput == 2)
        #expect(String(buffer: scratch.lendOutput(copied: false)) == "ab")
        #expect(scratch.pendingOutput == 0)
        scratch.appendOutput { $0.writeString("c") }
        #expect(String(buffer: scratch.lendOutput(copied: true)) == "c")
        #expect(scratch.pendingOutput == 0)
    }

    @Test func `are never changed while somebody holds them`() {
        var scratch = LoopScratch()
        scratch.appendOutput { $0.writeString("first") }
        let held = scratch.lendOutput(copied: false)
        let isHeld = scratch.isOutputStillHeld()
        #expect(isHeld)
        scratch.appendOutput { $0.writeString("second") }
        #expect(String(buffer: held) == "first")
    }

    @Test func `are used again when nobody holds them`() {
        var scratch = LoopScratch()
        scratch.appendOutput { $0.writeString("first") }
        let first = self.address(scratch.lendOutput(copied: false))
        let isHeld = scratch.isOutputStillHeld()
        #expect(!isHeld)
        scratch.appendOutput { $0.writeString("again") }
        #expect(self.address(scratch.lendOutput(copied: false)) == first)
    }

    @Test func `lend small copies that do not change while they are held`() {
        var scratch = LoopScratch()
        let held = (0..<1000).map { number in
            scratch.appendOutput { $0.writeString("\(number)") }
            return scratch.lendOutput(copied: true)
        }
        #expect(held.map { String(buffer: $0) } == (0..<1000).map { "\($0)" })
    }

    @Test func `lend the memory of small copies again when nobody holds them`() {
        var scratch = LoopScratch()
        let addresses = (0..<1000).map { number in
            scratch.appendOutput { $0.writeString("\(number)") }
            return self.address(scratch.lendOutput(copied: true))
        }
        #expect(Set(addresses).count <= 256)
    }

    @Test func `let the storage of one large message go`() {
        var scratch = LoopScratch()
        scratch.appendOutput { $0.writeRepeatingByte(0, count: 1 << 20) }
        _ = scratch.lendOutput(copied: false)
        scratch.appendOutput { $0.writeString("small") }
        #expect(scratch.lendOutput(copied: false).storageCapacity <= 256 << 10)
        var input = scratch.takeInput(for: 1 << 20)
        input.writeRepeatingByte(0, count: 1 << 20)
        scratch.giveBackInput(input)
        #expect(scratch.takeInput(for: 5).storageCapacity <= 256 << 10)
    }

    @Test func `bring an empty input each time`() {
        var scratch = LoopScratch()
        var input = scratch.takeInput(for: 6)
        input.writeString("secret")
        scratch.giveBackInput(input)
        #expect(scratch.takeInput(for: 6).readableBytes == 0)
        #expect(scratch.takeInput(for: 64 << 10).readableBytes == 0)
    }

    @Test func `are small for the first read of a connection and shared by all later ones`() {
        let shared = LoopReceiveAllocator.Shared()
        var (one, other) = (LoopReceiveAllocator(shared), LoopReceiveAllocator(shared))
        let allocator = ByteBufferAllocator()
        #expect(one.buffer(allocator: allocator).storageCapacity == 512)
        let mayGrow = [one.record(actualReadBytes: 1), other.record(actualReadBytes: 1)]
        #expect(mayGrow == [true, true])
        func borrow() -> UnsafeRawPointer? {
            let buffer = one.buffer(allocator: allocator)
            #expect(buffer.storageCapacity == 64 << 10)
            shared.giveBack(buffer)
            return self.address(buffer)
        }
        let address = borrow()
        let borrowed = other.buffer(allocator: allocator)
        #expect(self.address(borrowed) == address)
        #expect(self.address(one.buffer(allocator: allocator)) != address)
    }

    @Test func `do not take a stranger's buffer`() {
        let shared = LoopReceiveAllocator.Shared()
        shared.giveBack(ByteBufferAllocator().buffer(capacity: 512))
        #expect(shared.take().storageCapacity == 64 << 10)
    }
}
