// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import Configuration

/// The flags of `serve` about files that clients upload.
struct UploadOptions: ParsableArguments {
    @Flag(inversion: .prefixedNo, help: "Clients may upload files; this needs --data. (default: --uploads)")
    var uploads: Bool?
    @Option(help: "A folder for them. (default: uploads in --data)") var uploadsFolder: String?
    @Option(help: "Bytes of a file. (default: 1073741824)") var uploadsMaxFile: Int?
    @Option(help: "Bytes of all files of a principal. (default: 10737418240)") var uploadsQuota: Int?
    @Option(help: "Files of a principal. (default: 10000)") var uploadsFiles: Int?
    @Option(help: "Uploads of a principal that are not complete. (default: 100)") var uploadsUnfinished: Int?
    @Option(help: "Types that are taken, as image/png, image/* or *. Repeatable.") var uploadsTypes: [String] = []
    @Option(help: "Seconds that an upload may rest before it is complete. (default: 86400)") var uploadsExpiry: Double?
    @Option(help: "Seconds that a file stays to which nothing refers. (default: 86400)") var uploadsOrphanAge: Double?
    @Flag(inversion: .prefixedNo, help: "Small pictures of large ones, by vipsthumbnail. (default: on)")
    var uploadsThumbnails: Bool?
    @Option(help: "A program that looks into each file: status 0 is clean, 1 infected. {} stands for the file.")
    var uploadsScanner: String?
    @Option(name: .customLong("uploads-s3-bucket"), help: "A bucket for complete files, in the place of the folder.")
    var bucket: String?
    @Option(name: .customLong("uploads-s3-endpoint"), help: "The store's address. (default: Amazon's of the region)")
    var endpoint: String?
    @Option(name: .customLong("uploads-s3-region"), help: "The bucket's region. (default: us-east-1)")
    var region: String?
    @Option(name: .customLong("uploads-s3-prefix"), help: "What the names of objects begin with.") var prefix: String?
    @Flag(
        name: .customLong("uploads-s3-path-style"), inversion: .prefixedNo,
        help: "The bucket stands in the path. (default: on)")
    var pathStyle: Bool?
    @Option(name: .customLong("uploads-s3-access-key"), help: "Who asks the store.") var accessKey: String?
    @Option(name: .customLong("uploads-s3-secret-file"), help: "A file with the secret of the access key.")
    var secretFile: String?
    @Flag(
        name: .customLong("uploads-s3-redirect"), inversion: .prefixedNo,
        help: "Downloads are sent to the store itself. (default: off)")
    var redirect: Bool?

    /// Those that were given, under the names of their settings.
    var values: [(String, ConfigContent?)] {
        let texts = [
            ("uploads-folder", self.uploadsFolder), ("uploads-scanner", self.uploadsScanner),
            ("uploads-s3-bucket", self.bucket), ("uploads-s3-endpoint", self.endpoint),
            ("uploads-s3-region", self.region), ("uploads-s3-prefix", self.prefix),
            ("uploads-s3-access-key", self.accessKey), ("uploads-s3-secret-file", self.secretFile),
        ]
        let numbers = [
            ("uploads-max-file", self.uploadsMaxFile), ("uploads-quota", self.uploadsQuota),
            ("uploads-files", self.uploadsFiles), ("uploads-unfinished", self.uploadsUnfinished),
        ]
        let flags = [
            ("uploads", self.uploads), ("uploads-thumbnails", self.uploadsThumbnails),
            ("uploads-s3-path-style", self.pathStyle), ("uploads-s3-redirect", self.redirect),
        ]
        let times = [("uploads-expiry", self.uploadsExpiry), ("uploads-orphan-age", self.uploadsOrphanAge)]
        let types = self.uploadsTypes.isEmpty ? nil : ConfigContent.stringArray(self.uploadsTypes)
        var values: [(String, ConfigContent?)] = [("uploads-types", types)]
        values += texts.map { ($0, $1.map(ConfigContent.string)) }
        values += numbers.map { ($0, $1.map(ConfigContent.int)) }
        values += flags.map { ($0, $1.map(ConfigContent.bool)) }
        values += times.map { ($0, $1.map(ConfigContent.double)) }
        return values
    }
}
