// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiMetrics
import HibikiS3
import HibikiTransports
import HibikiUploads
import Hummingbird
import Logging
import NIOPosix
import Synchronization

/// The uploads of a server: made when the server starts, because only then may its folders be touched.
final class Uploads: Sendable {
    /// Paths whose bodies are taken as they come.
    static let path = "/v1/uploads"
    /// Threads that wait for the disk. It makes what many of them have written durable at once.
    private static let diskThreads = 16

    private let configuration: UploadsConfiguration
    private let folder: String
    private let allowsAnonymous: Bool
    private let logger: Logger
    private let opened = Mutex<UploadService?>(nil)

    /// `nil` if there are to be none.
    init?(_ configuration: ServerConfiguration, logger: Logger) {
        guard let folder = configuration.uploads.folder(data: configuration.data) else { return nil }
        self.configuration = configuration.uploads
        self.folder = folder
        self.allowsAnonymous = !configuration.isProduction
        self.logger = logger
    }

    var limits: UploadLimits { self.configuration.limits }

    /// Throws before ``open()``.
    func service() throws -> UploadService {
        guard let service = self.opened.withLock({ $0 }) else { throw UploadRefusal.busy }
        return service
    }

    /// Makes the folders and reads what is there.
    ///
    /// - Parameter chat: asked about the files of others; `nil` without a chat.
    func open(for chat: ChatDesk?) throws {
        let pool = NIOThreadPool(numberOfThreads: Self.diskThreads)
        pool.start()
        let index = try FileUploadIndex("\(self.folder)/index", pool: pool, at: .now(), logger: self.logger)
        let owners = self.configuration.access ?? OwnerAccess(allowsAnonymous: self.allowsAnonymous)
        let access: any UploadAccess = if let chat { ChatFileAccess(owners: owners, desk: chat) } else { owners }
        let others = self.configuration.references
        var parts = UploadService.Parts(
            staging: try Staging(self.folder, pool: pool), store: try self.makeStore(pool), index: index,
            access: access, key: try LinkKeyFile.key(in: self.folder), now: { .now() })
        parts.limits = self.configuration.limits
        parts.thumbnails = self.configuration.thumbnails
        parts.references = chat.map { ChatFileReferences(isAttached: $0.service.isAttached, others: others) } ?? others
        parts.observer = self.configuration.observer
        parts.scanner = CommandScanner(self.configuration.scanner)
        if self.configuration.hasThumbnails {
            parts.thumbnailer = VipsThumbnailer(self.configuration.thumbnails)
            if parts.thumbnailer == nil {
                self.logger.notice("there are no thumbnails, because vipsthumbnail is not installed")
            }
        }
        let service = UploadService(parts, logger: self.logger)
        self.opened.withLock { $0 = service }
    }

    private func makeStore(_ pool: NIOThreadPool) throws -> any BlobStore {
        guard let bucket = try self.configuration.bucket.configuration() else {
            return try DiskBlobStore("\(self.folder)/complete", pool: pool)
        }
        return S3BlobStore(bucket, now: { .now() })
    }

    func add(to router: Router<RouterContext>, _ authentication: AuthenticationMiddleware) {
        let uploads = router.group().add(middleware: UploadMiddleware(limits: self.limits))
        UploadRoutes(service: self.service).add(to: uploads.group().add(middleware: authentication))
        let downloads = uploads.group().add(
            middleware: LinkMiddleware(service: self.service, authentication: authentication))
        DownloadRoutes(service: self.service, redirects: self.configuration.bucket.redirects).add(to: downloads)
    }

    func run() async {
        await self.opened.withLock { $0 }?.run()
    }
}
