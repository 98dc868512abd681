// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiTransports

/// Whether the certificate can be used, and for how long.
struct CertificateCheck: DoctorCheck {
    private static let day: Int64 = 86_400_000
    private static let enough: Int64 = 30

    let files: CertificateFiles
    var now = Timestamp.now()
    let name = "certificate"

    func examine() async -> [Finding] {
        guard self.files.isSet else { return [] }
        do throws(CertificateProblem) {
            return [self.finding(expires: try TLSCredentials(self.files).expires)]
        } catch {
            return [
                .failure(error.description, advice: "Give it a certificate and its key in PEM, which belong together")
            ]
        }
    }

    func finding(expires: Timestamp) -> Finding {
        let (days, _) = (expires.milliseconds - self.now.milliseconds).quotientAndRemainder(dividingBy: Self.day)
        guard expires > self.now else {
            return .failure("the certificate in \(self.files.chain) has expired", advice: "Replace it")
        }
        guard days >= Self.enough else {
            return .warning(
                "the certificate in \(self.files.chain) expires in \(days) days",
                advice: "Replace it; the server takes the new one while it runs")
        }
        return .ok("the certificate in \(self.files.chain) can be used for \(days) days")
    }
}
