// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiYjs

/// What a document holds while something is missing, after each update.
struct PendingVector {
    private let vector: YValue

    init(_ vector: YValue) { self.vector = vector }

    func run(_ report: inout CheckReport) {
        let document = YDocument(collectsGarbage: self.vector["gc"]?.bool ?? true)
        for (index, step) in (self.vector["steps"]?.array ?? []).enumerated() {
            do {
                try document.apply(step["apply"]?.hex ?? [])
            } catch {
                report.fail("step \(index)", "\(error)")
            }
            self.check(step, document, "step \(index)", &report)
            if let full = step["fullUpdateV1"]?.string {
                report.check("step \(index): full", Hex.string(document.encodeState()), full)
            }
        }
        guard let expect = self.vector["expect"] else { return }
        self.check(expect, document, "end", &report)
        do {
            let opened = try Script.open(self.vector["roots"]?.object ?? [:], of: document)
            report.check("state", json: StateExport.state(opened), expect["state"] ?? .null)
        } catch {
            report.fail("state", "\(error)")
        }
    }

    private func check(_ step: YValue, _ document: YDocument, _ name: String, _ report: inout CheckReport) {
        report.check(
            "\(name): state vector", Hex.string(document.stateVector.encoded()), step["stateVectorHex"]?.string)
        report.check("\(name): pending structs", document.hasPendingUpdates, step["pendingStructs"]?.bool ?? false)
        report.check("\(name): pending deletions", document.hasPendingDeletions, step["pendingDs"]?.bool ?? false)
    }
}

/// Updates that must be refused, or do nothing, and leave the document as it is.
struct MalformedVector {
    private let vector: YValue

    init(_ vector: YValue) { self.vector = vector }

    func run(_ report: inout CheckReport) {
        let base = self.vector["base"]?.hex ?? []
        for (index, item) in (self.vector["cases"]?.array ?? []).enumerated() {
            let name = "\(index) \(item["note"]?.string ?? "?")"
            let document = YDocument()
            do {
                try document.apply(base)
            } catch {
                report.fail(name, "\(error)")
            }
            let before = document.encodeState()
            var isRefused = false
            do {
                try document.apply(item["hex"]?.hex ?? [], format: YUpdateFormat(item["format"]))
            } catch {
                isRefused = true
            }
            report.check("\(name): refused", isRefused)
            report.check("\(name): unchanged", document.encodeState(), before)
        }
    }
}
