// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiS3
import HibikiServer
import HibikiTransports
import HibikiUploads

/// Whether files can be uploaded, looked into, made small and stored.
struct UploadsCheck: DoctorCheck {
    let configuration: ServerConfiguration
    let name = "uploads"

    func examine() async -> [Finding] {
        let uploads = self.configuration.uploads
        guard uploads.isOn else { return [.ok("nobody can upload files")] }
        guard let folder = uploads.folder(data: self.configuration.data) else {
            return [.ok("nobody can upload files, because there is no data folder")]
        }
        return [.ok("uploads are in \(folder)")] + self.thumbnails(uploads) + self.scanner(uploads)
            + (await self.store(uploads))
    }

    private func thumbnails(_ uploads: UploadsConfiguration) -> [Finding] {
        guard uploads.hasThumbnails else { return [.ok("there are no thumbnails, as it is set")] }
        guard VipsThumbnailer.isInstalled() else {
            return [
                .warning(
                    "there are no thumbnails, because vipsthumbnail is not installed",
                    advice: "Install it (Debian: libvips-tools), or set uploads-thumbnails to false")
            ]
        }
        return [.ok("vipsthumbnail makes thumbnails")]
    }

    private func scanner(_ uploads: UploadsConfiguration) -> [Finding] {
        guard let scanner = CommandScanner(uploads.scanner) else { return [] }
        guard scanner.isInstalled else {
            return [
                .failure(
                    "the scanner of uploads is not there, and no upload is completed without it",
                    advice: "Install it, or correct uploads-scanner")
            ]
        }
        return [.ok("uploads are scanned before anybody can have them")]
    }

    private func store(_ uploads: UploadsConfiguration) async -> [Finding] {
        do {
            guard var bucket = try uploads.bucket.configuration() else { return [] }
            bucket.timeout = .seconds(3)
            bucket.attempts = 1
            try await S3BlobStore(bucket, now: { .now() }).check()
            return [.ok("the bucket \(bucket.bucket) answers")]
        } catch {
            return [
                .failure(
                    "the store of uploads cannot be used: \(error)",
                    advice: "Correct the settings that begin with uploads-s3, or the rights of the access key")
            ]
        }
    }
}
