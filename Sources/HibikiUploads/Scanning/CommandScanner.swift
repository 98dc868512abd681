// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOPosix

/// A program that says by its exit status what a file is: 0 for clean, 1 for infected, as `clamdscan` and `clamscan` do. Anything else means that it
/// cannot say.
public struct CommandScanner: UploadScanner {
    /// How long it may take. Default 2 minutes.
    public static let time: Duration = .seconds(120)
    /// Files that are looked at, at one time; others wait.
    private static let atOnce = 4

    private static let pool: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: Self.atOnce)
        pool.start()
        return pool
    }()

    private let words: [String]
    private let time: Duration

    /// - Parameter command: the program and its arguments, separated by spaces. `{}` stands for the file; without it, the file comes last.
    /// - Returns: `nil` if it is empty.
    public init?(_ command: String, time: Duration = CommandScanner.time) {
        let words = command.split(separator: " ").map(String.init)
        guard !words.isEmpty else { return nil }
        self.words = words.contains("{}") ? words : words + ["{}"]
        self.time = time
    }

    /// Whether the program is there.
    public var isInstalled: Bool { self.words.first.map { ChildProcess.find($0) != nil } ?? false }

    public func scan(file path: String) async -> ScanVerdict {
        let child = ChildProcess(
            words: self.words.map { $0 == "{}" ? path : $0 },
            limits: .init(memory: nil, processorSeconds: 600, fileBytes: 1 << 40, wallTime: self.time))
        do {
            switch try await Self.pool.work({ try child.run() }) {
            case .exited(0): return .clean
            case .exited(1): return .infected
            case .exited(let status): return .unavailable("the scanner ended with status \(status)")
            case .signalled(let signal): return .unavailable("the scanner was ended by signal \(signal)")
            case .late: return .unavailable("the scanner took longer than \(self.time)")
            }
        } catch {
            return .unavailable("\(error)")
        }
    }
}
