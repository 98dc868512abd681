// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOPosix

/// `vipsthumbnail` of libvips, in a process of its own for each picture: what a damaged picture can do there ends with that process.
///
/// Loaders that libvips calls untrusted are off (`VIPS_BLOCK_UNTRUSTED`), what the picture says about its place and camera is left out of the result, and
/// pictures are turned as they say.
public struct VipsThumbnailer: Thumbnailer {
    private let program: String
    private let edge: Int
    private let limits: ChildProcess.Limits
    private let pool: NIOThreadPool

    public static func isInstalled(program: String = "vipsthumbnail") -> Bool { ChildProcess.find(program) != nil }

    /// - Returns: `nil` if the program is not installed.
    public init?(program: String = "vipsthumbnail", _ limits: ThumbnailLimits = ThumbnailLimits()) {
        guard let path = ChildProcess.find(program) else { return nil }
        self.program = path
        self.edge = limits.edge
        self.limits = .init(memory: 2 << 30, processorSeconds: 20, fileBytes: 16 << 20, wallTime: .seconds(30))
        self.pool = NIOThreadPool(numberOfThreads: limits.workers)
        self.pool.start()
    }

    public func makeThumbnail(of path: String, at result: String) async throws {
        let child = ChildProcess(
            words: [self.program, path, "--size", "\(self.edge)x\(self.edge)>", "-o", "\(result)[Q=80,strip]"],
            environment: ["VIPS_BLOCK_UNTRUSTED": "1", "VIPS_CONCURRENCY": "1"], limits: self.limits)
        let outcome = try await self.pool.work { try child.run() }
        guard outcome == .exited(0), Disk.exists(result) else {
            throw ThumbnailFailure("vipsthumbnail has made nothing: \(outcome)")
        }
    }
}
