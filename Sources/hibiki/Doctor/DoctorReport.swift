// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore

/// What all checks have found.
struct DoctorReport {
    private var findings: [(check: String, finding: Finding)] = []

    mutating func add(_ found: [Finding], of check: String) {
        self.findings += found.map { (check, $0) }
    }

    var worst: Finding.Status { self.findings.map(\.finding.status).max() ?? .ok }

    private func count(_ status: Finding.Status) -> Int {
        self.findings.count { $0.finding.status == status }
    }

    /// One line for each finding, with the advice below it, and one that counts them.
    var text: String {
        let width = Finding.Status.allCases.map(\.rawValue.count).max() ?? 0
        var lines: [String] = []
        for (check, finding) in self.findings {
            let status = finding.status.rawValue
            let space = String(repeating: " ", count: width - status.count)
            lines.append("\(status)\(space)  \(check): \(finding.words).")
            if let advice = finding.advice {
                lines.append("\(String(repeating: " ", count: width))  \(advice).")
            }
        }
        lines.append("")
        lines.append("\(self.count(.ok)) ok, \(self.count(.warning)) to think about, \(self.count(.failure)) to repair")
        return lines.joined(separator: "\n")
    }

    /// `{"status": …, "findings": [{"check", "status", "message", "advice"}]}`
    var json: String {
        var bytes = ByteBuffer()
        bytes.writeString("{\"status\":\"\(self.worst.rawValue)\",\"findings\":[")
        for (index, (check, finding)) in self.findings.enumerated() {
            if index > 0 { bytes.writeString(",") }
            bytes.writeString("{\"check\":\"\(check)\",\"status\":\"\(finding.status.rawValue)\",\"message\":")
            bytes.writeJSONString(finding.words)
            bytes.writeString(",\"advice\":")
            if let advice = finding.advice { bytes.writeJSONString(advice) } else { bytes.writeString("null") }
            bytes.writeString("}")
        }
        bytes.writeString("]}")
        return String(buffer: bytes)
    }
}
