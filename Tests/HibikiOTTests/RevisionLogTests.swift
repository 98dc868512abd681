// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiOT
import Testing

@Suite struct RevisionLogTests {
    private typealias Log = RevisionLog<TextOperation>

    private func submission(
        _ json: String, _ revision: Int, _ client: String = "a", _ sequence: Int = 1
    ) throws -> Submission<
        TextOperation
    > {
        Submission(
            try TextOperation(json: Array(json.utf8)), revision: revision,
            id: OperationID(client: client, sequence: sequence))
    }

    private func typed(_ count: Int, limits: RevisionLimits = .standard) throws -> Log {
        var log = try Log(limits: limits)
        for index in 0..<count {
            _ = try log.receive(self.submission(index == 0 ? #"["x"]"# : "[\(index),\"x\"]", index, "t", index))
        }
        return log
    }

    @Test func `an operation on an older revision is rebased, and its insertion goes left`() throws {
        var log = try Log(.init(TextDocument("bc"), revision: 7))
        _ = try log.receive(self.submission(#"["1",2]"#, 7, "a"))
        let receipt = try log.receive(self.submission(#"["2",1,-1]"#, 7, "b"))
        #expect(
            receipt
                == .accepted(
                    LoggedOperation(
                        try TextOperation([.insert("2"), .retain(2), .delete(1)]), revision: 9,
                        id: OperationID(client: "b", sequence: 1))))
        #expect(log.document.string == "21b")
        #expect(log.revision == 9)
    }

    @Test func `a repeated operation is taken once, also when it comes rebased`() throws {
        var log = try Log()
        let first = try log.receive(self.submission(#"["ab"]"#, 0, "a", 1))
        _ = try log.receive(self.submission(#"[2,"c"]"#, 1, "b", 1))
        #expect(try log.receive(self.submission(#"["ab"]"#, 0, "a", 1)) == .repeated(first.operation))
        #expect(log.document.string == "abc")
        #expect(log.revision == 2)
    }

    @Test func `a repeated operation whose revision is gone is still known as long as it is held itself`() throws {
        var limits = RevisionLimits()
        limits.operations = 2
        var log = try Log(limits: limits)
        for (index, json) in [#"["a"]"#, #"["b",1]"#, #"["c",2]"#].enumerated() {
            _ = try log.receive(self.submission(json, index, "a", index))
        }
        #expect(log.oldestRevision == 1)
        guard case .repeated(let known) = try log.receive(self.submission(#"["b"]"#, 0, "a", 1)) else {
            Issue.record("taken twice")
            return
        }
        #expect(known.revision == 2)
        expect(.revisionGone) { try log.receive(self.submission(#"["a"]"#, 0, "a", 0)) }
    }

    @Test func `names that look alike are two clients`() throws {
        #expect(OperationID(client: "é", sequence: 1) != OperationID(client: "e\u{301}", sequence: 1))
    }

    @Test func `a revision that is gone is refused with the advice to load anew`() throws {
        var limits = RevisionLimits()
        limits.operations = 3
        var log = try self.typed(10, limits: limits)
        #expect(log.oldestRevision == 7)
        for revision in [6, 0, -1, .min] {
            let error = expect(.revisionGone) { try log.receive(self.submission("[6]", revision, "z")) }
            #expect(error?.needsReload == true)
            #expect(error?.description.contains("load the document anew") == true)
            expect(.revisionGone) { try log.operations(since: revision) }
        }
        for revision in [11, .max] {
            expect(.revisionAhead) { try log.receive(self.submission("[11]", revision, "z")) }
            expect(.revisionAhead) { try log.operations(since: revision) }
        }
        #expect(try log.operations(since: 7).map(\.revision) == [8, 9, 10])
        #expect(try log.operations(since: 10).isEmpty)
        #expect(log.revision == 10)
    }

    @Test func `the history is bounded by what it weighs`() throws {
        var limits = RevisionLimits()
        limits.weight = 10_000
        let log = try self.typed(300, limits: limits)
        let held = try log.operations(since: log.oldestRevision)
        #expect(held.count < 100 && held.count > 10)
        #expect(held.reduce(0) { $0 + $1.operation.weight } <= 10_000)
        limits.weight = 0
        #expect(try self.typed(20, limits: limits).oldestRevision == 20)
    }

    @Test func `an operation for another length than its revision had is refused`() throws {
        var log = try self.typed(4)
        expect(.wrongLength) { try log.receive(self.submission("[3]", 4, "z")) }
        expect(.wrongLength) { try log.receive(self.submission("[4]", 3, "z")) }
        #expect(throws: Never.self) { try log.receive(self.submission("[3]", 3, "z")) }
    }

    @Test func `an operation that cuts a surrogate pair is refused and changes nothing`() throws {
        var log = try Log(.init(TextDocument("😀")))
        expect(.splitsSurrogatePair) { try log.receive(self.submission(#"[1,"x",1]"#, 0)) }
        expect(.splitsSurrogatePair) { try log.rebase(self.submission(#"[1,"x",1]"#, 0)) }
        #expect(log.revision == 0 && log.document.string == "😀")
    }

    @Test func `a document grows no longer than it may`() throws {
        var limits = RevisionLimits()
        limits.documentLength = 4
        var log = try self.typed(4, limits: limits)
        expect(.limitExceeded) { try log.receive(self.submission(#"[4,"x"]"#, 4, "z")) }
        expect(.limitExceeded) { try log.rebase(self.submission(#"[4,"x"]"#, 4, "z")) }
        #expect(throws: Never.self) { try log.receive(self.submission(#"["x",-1,3]"#, 4, "z")) }
        // One that was longer before the limit was set can still be made shorter.
        log = try Log(.init(TextDocument("0123456789")), limits: limits)
        #expect(throws: Never.self) { try log.receive(self.submission("[-1,9]", 0, "z")) }
        expect(.limitExceeded) { try log.receive(self.submission(#"["x",9]"#, 1, "z")) }
    }

    @Test func `an operation that would take too many steps to rebase is refused`() throws {
        var limits = RevisionLimits()
        limits.rebaseSteps = 100
        var log = try self.typed(60, limits: limits)
        expect(.tooFarBehind) { try log.receive(self.submission("[1]", 1, "z")) }
        #expect(throws: Never.self) { try log.receive(self.submission("[50]", 50, "z")) }
    }

    @Test func `a log goes on from what was stored`() throws {
        let log = try self.typed(20)
        let stored = try log.operations(since: 5)
        let middle = try Log(.init(TextDocument(String(repeating: "x", count: 12)), revision: 12), operations: stored)
        #expect(middle.document == log.document && middle.revision == 20 && middle.oldestRevision == 5)
        for var loaded in [middle, try Log(log.snapshot, operations: stored)] {
            guard case .accepted(let logged) = try loaded.receive(self.submission(#"[5,"y"]"#, 5, "z")) else {
                Issue.record("held for a repetition")
                continue
            }
            #expect(logged.revision == 21)
            #expect(loaded.document.string == "xxxxxyxxxxxxxxxxxxxxx")
            #expect(try loaded.receive(self.submission(#"[5,"x"]"#, 5, "t", 5)) == .repeated(stored[0]))
        }
    }

    @Test func `operations that do not follow one another are not loaded`() throws {
        let log = try self.typed(20)
        let stored = try log.operations(since: 5)
        let snapshot = Log.Snapshot(TextDocument(String(repeating: "x", count: 12)), revision: 12)
        expect(.outOfOrder) { try Log(snapshot, operations: stored.filter { $0.revision != 15 }) }
        expect(.outOfOrder) { try Log(snapshot, operations: stored.filter { $0.revision != 8 }) }
        expect(.outOfOrder) { try Log(snapshot, operations: stored.filter { $0.revision != 12 }) }
        expect(.wrongLength) { try Log(.init(TextDocument("x"), revision: 12), operations: stored) }
        expect(.invalidDocument) { try Log(.init(TextDocument(), revision: -1)) }
        expect(.invalidDocument) { try Log(.init(TextDocument(), revision: .max)) }
    }

    @Test func `what is to be written first is rebased, written and then appended`() throws {
        var log = try self.typed(3)
        let submission = try self.submission(#"[2,"y"]"#, 2, "z")
        guard case .accepted(let logged) = try log.rebase(submission) else {
            Issue.record("held for a repetition")
            return
        }
        #expect(log.revision == 3)
        try log.append(logged)
        #expect(log.document.string == "xxyx")
        expect(.outOfOrder) { try log.append(logged) }
        #expect(try log.rebase(submission) == .repeated(logged))
    }

    @Test func `what others inserted cannot cut an operation into more than may be sent`() throws {
        var limits = RevisionLimits()
        limits.operationWeight = 1 << 20
        let text = Delta.Content.text(UTF16Text(String(repeating: "x", count: 2000)))
        var log = try RevisionLog<Delta>(.init(try RichTextDocument(Delta([.insert(text)]))), limits: limits)
        var inserts = Delta()
        for _ in 0..<1000 {
            try inserts.insert("y")
            try inserts.retain(2)
        }
        _ = try log.receive(Submission(inserts, revision: 0, id: OperationID(client: "a", sequence: 1)))
        let link = OTValue(String(repeating: "z", count: 4000))
        let format = try Delta([.retain(2000, ["link": link])])
        expect(.limitExceeded) {
            try log.receive(Submission(format, revision: 0, id: OperationID(client: "b", sequence: 1)))
        }
        #expect(throws: Never.self) {
            try log.receive(Submission(format, revision: 1, id: OperationID(client: "b", sequence: 2)))
        }
    }

    @Test func `a selection is moved to where it is now`() throws {
        var log = try self.typed(3)
        _ = try log.receive(self.submission(#"[1,"yy",2]"#, 3))
        #expect(try log.transform(OTSelection(cursor: 2), since: 3) == OTSelection(cursor: 4))
        #expect(try log.transform(OTSelection(cursor: 0), since: 2) == OTSelection(cursor: 0))
        expect(.revisionAhead) { try log.transform(OTSelection(cursor: 2), since: 5) }
        var limits = RevisionLimits()
        limits.rebaseSteps = 10
        log = try self.typed(30, limits: limits)
        expect(.tooFarBehind) { try log.transform(OTSelection(cursor: 2), since: 2) }
    }

    @Test func `what was stored is loaded, though it weighs more than a document may`() throws {
        let log = try self.typed(5)
        var limits = RevisionLimits()
        limits.documentWeight = 10
        var loaded = try Log(.init(), operations: log.operations(since: 0), limits: limits)
        #expect(loaded.document == log.document)
        expect(.limitExceeded) { try loaded.receive(self.submission(#"[5,"y"]"#, 5)) }
    }

    @Test func `the numbers that a client has used are known as far as the history reaches`() throws {
        var limits = RevisionLimits()
        limits.operations = 3
        var log = try self.typed(5)
        #expect(log.lastSequence(of: "t") == 4)
        #expect(log.lastSequence(of: "T") == 0)
        log = try self.typed(5, limits: limits)
        for number in 1...3 { _ = try log.receive(self.submission("[\(4 + number),\"y\"]", 4 + number, "é", number)) }
        #expect(log.lastSequence(of: "é") == 3)
        #expect(log.lastSequence(of: "e\u{301}") == 0)
        #expect(log.lastSequence(of: "t") == 0)
    }

    @Test func `what is sent and stored is read and written`() throws {
        let submission = try self.submission(#"[1,"y"]"#, 3, "é", 9)
        #expect(
            String(decoding: submission.value.json, as: UTF8.self)
                == #"{"client":"é","operation":[1,"y"],"revision":3,"sequence":9}"#)
        #expect(try Submission(OTValue(json: submission.value.json)) == submission)
        let logged = LoggedOperation(submission.operation, revision: 4, id: submission.id)
        #expect(try LoggedOperation(logged.value) == logged)
        let snapshot = Log.Snapshot(TextDocument("text"), revision: 7)
        #expect(try Log.Snapshot(snapshot.value) == snapshot)
        for json in [
            "[]", #"{"client":"a","sequence":1,"revision":2}"#,
            #"{"client":1,"sequence":1,"revision":2,"operation":[]}"#,
            #"{"client":"a","sequence":-1,"revision":2,"operation":[]}"#,
            #"{"client":"a","sequence":1,"operation":[]}"#,
        ] {
            expect(.invalidOperation) { try Submission<TextOperation>(OTValue(json: Array(json.utf8))) }
        }
        expect(.invalidDocument) { try Log.Snapshot(["revision": 1]) }
        expect(.invalidDocument) { try Log.Snapshot(["revision": 1, "document": []]) }
    }
}
