// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiMetrics
import HibikiTransports
import Logging
import Synchronization

/// Keeps the certificate of the port as new as its files, and says in the log and the metrics how long it lasts.
final class CertificateWatch: Sendable {
    private static let interval: Duration = .seconds(2)

    private let files: CertificateFiles
    private let logger: Logger
    private let credentials = Mutex<TLSCredentials?>(nil)

    init(_ files: CertificateFiles, logger: Logger) {
        self.files = files
        self.logger = logger
    }

    /// Reads the certificate; `nil` for a server without TLS.
    func open() throws(CertificateProblem) -> TLSCredentials? {
        guard self.files.isSet else { return nil }
        let credentials = try TLSCredentials(self.files)
        self.credentials.withLock { $0 = credentials }
        return credentials
    }

    func register(with metrics: MetricsRegistry) {
        metrics.addCollector {
            guard let credentials = self.credentials.withLock({ $0 }) else { return [] }
            return [
                MetricFamily(
                    "hibiki_tls_certificate_expiry_timestamp_seconds", .gauge,
                    help: "When the certificate of the port expires, in seconds since 1970.",
                    Int(credentials.expires.milliseconds / 1_000)
                )
            ]
        }
    }

    /// Looks at the files until the task is cancelled.
    func watch() async {
        guard let credentials = self.credentials.withLock({ $0 }) else { return }
        while !Task.isCancelled {
            for notice in credentials.look(at: .now()) {
                self.log(notice)
            }
            try? await Task.sleep(for: Self.interval)
        }
    }

    private func log(_ notice: TLSCredentials.Notice) {
        switch notice {
        case .replaced(let expires):
            let days = (expires.milliseconds - Timestamp.now().milliseconds) / 86_400_000
            self.logger.info("new connections get the new certificate", metadata: ["days": "\(days)"])
        case .refused(let problem):
            self.logger.error(
                "the new certificate is not used, the old one stays", metadata: ["problem": "\(problem)"])
        case .expires(let days) where days < 0:
            self.logger.error("the certificate has expired", metadata: ["days": "\(days)"])
        case .expires(let days):
            self.logger.warning("the certificate expires soon", metadata: ["days": "\(days)"])
        }
    }
}
