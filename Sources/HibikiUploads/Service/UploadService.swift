// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
import HibikiWire
public import Logging
import NIOCore
import Synchronization

/// Uploads, from the first byte to the last download. It speaks no HTTP and knows no database.
public final class UploadService: Sendable {
    /// What it works with.
    public struct Parts: Sendable {
        public var staging: Staging
        public var store: any BlobStore
        public var index: any UploadIndex
        public var access: any UploadAccess
        public var limits = UploadLimits()
        public var key: LinkKey
        /// `nil` for none.
        public var scanner: (any UploadScanner)?
        /// `nil` for no thumbnails.
        public var thumbnailer: (any Thumbnailer)?
        public var thumbnails = ThumbnailLimits()
        /// `nil` keeps everything that is complete.
        public var references: (any UploadReferences)?
        public var observer: (any UploadObserver)?
        /// The clock on the wall.
        public var now: @Sendable () -> Timestamp

        public init(
            staging: Staging, store: any BlobStore, index: any UploadIndex, access: any UploadAccess, key: LinkKey,
            now: @escaping @Sendable () -> Timestamp
        ) {
            self.staging = staging
            self.store = store
            self.index = index
            self.access = access
            self.key = key
            self.now = now
        }
    }

    public let parts: Parts
    let logger: Logger
    let locks = UploadLocks()
    let queue: ThumbnailQueue
    private let counts = Mutex(UploadStatistics())

    public init(_ parts: Parts, logger: Logger) {
        self.parts = parts
        self.logger = logger
        self.queue = ThumbnailQueue(limit: parts.thumbnails.queue)
    }

    public var limits: UploadLimits { self.parts.limits }
    public var statistics: UploadStatistics { self.counts.withLock { $0 } }

    func count(_ change: (inout UploadStatistics) -> Void) { self.counts.withLock { change(&$0) } }

    /// Works on what nobody waits for: thumbnails, and what has run out. Returns when the task is cancelled.
    public func run() async {
        await withDiscardingTaskGroup { tasks in
            tasks.addTask { await self.recover() }
            tasks.addTask { await self.sweepAgainAndAgain() }
            for _ in 0..<max(1, self.parts.thumbnails.workers) {
                tasks.addTask { await self.makeThumbnails() }
            }
        }
    }

    /// Runs something that may fail because of the disk, in words for the client.
    func withStorage<Result>(_ id: UploadID?, _ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let refusal as UploadRefusal {
            throw refusal
        } catch let error as DiskError where error.isFull {
            self.logger.error("there is no room for uploads", metadata: ["error": "\(error)"])
            throw UploadRefusal(507, .overloaded, "the server has no room left")
        } catch let interruption as UploadInterrupted {
            throw interruption
        } catch {
            self.logger.error(
                "an upload cannot be stored", metadata: ["upload": "\(id?.description ?? "")", "error": "\(error)"])
            // What another machine does not do now it may do later.
            throw error is DiskError ? UploadRefusal.broken : UploadRefusal.busy
        }
    }
}
