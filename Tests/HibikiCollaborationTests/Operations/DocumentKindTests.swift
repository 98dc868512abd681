// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiOT
import HibikiWire
import HibikiYjs
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A document is of one kind` {
    private static func refusal(_ body: () async throws -> Void) async throws -> WireErrorCode? {
        do {
            try await body()
            return nil
        } catch let error as WireError {
            return error.code
        }
    }

    @Test func `which whoever writes first decides, and is opened as no other`() async throws {
        let rooms = Rooms()
        try await rooms.service.apply(try update("hello"), to: DocumentName("yjs"))
        for kind in OTKind.allCases {
            let (_, seat) = try rooms.greet("aki", as: kind, kind.rawValue)
            seat.submit(kind == .text ? ["hello"] : ["ops": [["insert": "hello"]]], at: 0, 1)
            try await rooms.settle(kind.rawValue)
        }
        // What is stored decides, not what is in memory.
        let later = Rooms(rooms.store)
        for (name, kind) in [("yjs", OTKind.text), ("yjs", .rich), ("text", .rich), ("rich", .text)] {
            let (peer, _) = try later.greet("bo", as: kind, name)
            await peer.waitForEnd()
            #expect(peer.end == .otherKind(DocumentKind(rawValue: name) ?? .yjs), "\(name)")
        }
        for name in ["text", "rich"] {
            let (peer, _) = try later.enterAndAsk(name)
            await peer.waitForEnd()
            #expect(peer.end == .otherKind(DocumentKind(rawValue: name) ?? .yjs))
            let refused = try await Self.refusal {
                try await later.service.apply(try update("hello"), to: DocumentName(name))
            }
            #expect(refused == .conflict)
            #expect(
                try await Self.refusal { try await later.service.look(at: DocumentName(name)) { _ in } } == .conflict)
        }
        #expect(try await later.document("text") == "hello")
        #expect(try await later.document("rich", as: .rich) == ["ops": [["insert": "hello"]]])
        #expect(try await later.service.look(at: DocumentName("yjs")) { try $0.text("t").string } == "hello")
    }

    @Test func `and not opened as another while somebody is in it, though nothing is written yet`() async throws {
        let rooms = Rooms()
        let (_, seat) = try rooms.greet("aki")
        try await rooms.settle()
        #expect(try await Self.refusal { _ = try rooms.enter() } == .conflict)
        #expect(try await Self.refusal { _ = try rooms.come("bo", as: .rich) } == .conflict)
        seat.leave()
        try await rooms.settle()
        let (peer, _) = try rooms.greet("bo", as: .rich)
        try await rooms.settle()
        #expect(peer.all("document").first?["kind"] == "rich")
    }

    @Test func `and known by the snapshot as well`() async throws {
        let rooms = Rooms { $0.updatesBehindSnapshot = 1 }
        let (_, seat) = try rooms.greet("aki")
        seat.submit(["hello"], at: 0, 1)
        try await rooms.settle()
        #expect(try await rooms.store.load(DocumentName("pad"))?.snapshot != nil)
        let later = Rooms(rooms.store)
        let (peer, _) = try later.enterAndAsk()
        await peer.waitForEnd()
        #expect(peer.end == .otherKind(.text))
    }

    @Test(arguments: ["text", "rich"])
    func `because no update of Yjs begins as what is stored of operations`(_ kind: String) {
        let opening = Array("{\"type\":\"\(kind)\",".utf8)
        for byte in UInt8.min ... .max {
            let rest = [UInt8](repeating: byte, count: 100_000)
            #expect(throws: YError.self) { try YDocument(clientID: 1).apply(opening + rest) }
        }
    }
}
