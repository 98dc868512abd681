// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Synchronization
import Testing

@testable import HibikiUploads

final class Referring: UploadReferences {
    let ids = Mutex<Set<UploadID>>([])
    /// What happens while it answers.
    let meanwhile = Mutex<(@Sendable () async throws -> Void)?>(nil)

    func referenced(_ uploads: [Upload]) async throws -> Set<UploadID> {
        let kept = self.ids.withLock { $0.intersection(uploads.map(\.id)) }
        try await self.meanwhile.withLock { $0 }?()
        return kept
    }
}

private final class Witness: UploadObserver {
    let infected = Mutex<[UploadID]>([])
    let ready = Mutex<[UploadID]>([])

    func uploadIsInfected(_ upload: Upload) async { self.infected.withLock { $0.append(upload.id) } }
    func uploadIsReady(_ upload: Upload) async { self.ready.withLock { $0.append(upload.id) } }
}

@Suite struct `A scanner` {
    private static func bench(_ command: String, _ observer: (any UploadObserver)? = nil) throws -> UploadBench {
        let scanner = try #require(CommandScanner(command))
        return try UploadBench {
            $0.scanner = scanner
            $0.observer = observer
        }
    }

    @Test func `lets a clean file pass`() async throws {
        let witness = Witness()
        let bench = try Self.bench("test -s {}", witness)
        let upload = try await bench.upload([65, 66])
        #expect(upload.state == .ready)
        #expect(witness.ready.withLock { $0 } == [upload.id])
    }

    @Test func `has an infected file set aside, and its owner told`() async throws {
        let witness = Witness()
        let bench = try Self.bench("grep -qv virus", witness)
        let upload = try await bench.create(5)
        #expect(try await refusal { try await bench.append(Array("virus".utf8), to: upload.id, at: 0) } == 422)
        #expect(witness.infected.withLock { $0 } == [upload.id])
        #expect(Disk.exists("\(bench.folder.path)/quarantine/\(upload.id)"))
        #expect(try await refusal { _ = try await bench.service.open(upload.id, by: UploadBench.ann) } == 422)
        #expect(try await refusal { try await bench.append([], to: upload.id, at: 5) } == 422)
        try await bench.service.terminate(upload.id, by: UploadBench.ann)
        #expect(!Disk.exists("\(bench.folder.path)/quarantine/\(upload.id)"))
    }

    @Test(arguments: ["/nowhere/scanner", "ls --no-such-flag", "no-such-program"])
    func `that cannot say lets nothing pass, and the file waits`(_ command: String) async throws {
        let bench = try Self.bench(command)
        let upload = try await bench.create(2)
        #expect(try await refusal { try await bench.append([65, 66], to: upload.id, at: 0) } == 503)
        #expect(try await bench.service.stored(upload) == 2)
        #expect(try await refusal { try await bench.append([], to: upload.id, at: 2) } == 503)
    }

    @Test func `that takes too long is ended with all that it has started`() async throws {
        let child = ChildProcess(
            words: ["sh", "-c", "sleep 60 & sleep 60"],
            limits: .init(memory: nil, processorSeconds: 1, fileBytes: 1 << 20, wallTime: .milliseconds(200)))
        #expect(try child.run() == .late)
    }

    @Test func `gets no more processor, memory and disk than it may have`() throws {
        func run(_ script: String) throws -> ChildProcess.Outcome {
            try ChildProcess(
                words: ["python3", "-c", script],
                limits: .init(memory: 512 << 20, processorSeconds: 1, fileBytes: 1 << 20, wallTime: .seconds(30))
            ).run()
        }
        #expect(try run("pass") == .exited(0))
        #expect(try run("import sys; sys.exit(3)") == .exited(3))
        #expect(try run("bytearray(1 << 30)") == .exited(1))
        #expect(try run("import os; os.abort() if len(os.listdir('/proc/self/fd')) > 4 else None") == .exited(0))
        guard case .signalled = try run("while True: pass") else {
            Issue.record("a child that computes for ever was not ended")
            return
        }
    }
}
