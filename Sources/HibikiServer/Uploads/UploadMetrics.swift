// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMetrics
import HibikiUploads

/// What `/metrics` says about uploads.
struct UploadMetrics: Sendable {
    let service: @Sendable () throws -> UploadService

    func register(with registry: MetricsRegistry) {
        registry.addCollector { (try? self.service().statistics).map(Self.families) ?? [] }
    }

    private static func families(_ counts: UploadStatistics) -> [MetricFamily] {
        [
            MetricFamily(
                "hibiki_uploads_total", .counter, help: "Uploads, by what has become of them.",
                [
                    .init(.integer(Int64(counts.created)), labels: [.init("event", "created")]),
                    .init(.integer(Int64(counts.completed)), labels: [.init("event", "completed")]),
                    .init(.integer(Int64(counts.terminated)), labels: [.init("event", "terminated")]),
                    .init(.integer(Int64(counts.expired)), labels: [.init("event", "expired")]),
                    .init(.integer(Int64(counts.orphaned)), labels: [.init("event", "orphaned")]),
                    .init(.integer(Int64(counts.infected)), labels: [.init("event", "infected")]),
                    .init(.integer(Int64(counts.refusedTypes)), labels: [.init("event", "refused")]),
                ]),
            MetricFamily(
                "hibiki_upload_bytes_total", .counter, help: "Bytes of files that were received and sent.",
                [
                    .init(.integer(Int64(counts.bytesReceived)), labels: [.init("direction", "inbound")]),
                    .init(.integer(Int64(counts.bytesSent)), labels: [.init("direction", "outbound")]),
                ]),
            MetricFamily(
                "hibiki_uploads_receiving", .gauge, help: "Requests that bring bytes of a file at the moment.",
                counts.receiving),
            MetricFamily(
                "hibiki_upload_thumbnails_total", .counter, help: "Thumbnails that were made, or could not be.",
                [
                    .init(.integer(Int64(counts.thumbnails)), labels: [.init("outcome", "made")]),
                    .init(.integer(Int64(counts.failedThumbnails)), labels: [.init("outcome", "failed")]),
                ]),
        ]
    }
}
