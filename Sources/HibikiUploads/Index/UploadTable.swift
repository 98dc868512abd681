// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire

/// Uploads by id and by owner, with sums that are kept up to date.
struct UploadTable {
    private(set) var uploads: [UploadID: Upload] = [:]
    private var owned: [String: Set<UploadID>] = [:]
    private var sums: [String: UploadHoldings] = [:]

    func holdings(of owner: String) -> UploadHoldings { self.sums[owner] ?? UploadHoldings() }

    func check(_ upload: Upload, _ limits: UploadLimits) throws(UploadRefusal) {
        let holdings = self.holdings(of: upload.owner)
        guard holdings.unfinished < limits.unfinished else {
            throw UploadRefusal(
                429, .limitExceeded, "\(limits.unfinished) uploads are not complete yet; end those first")
        }
        let sum = holdings.bytes.addingReportingOverflow(upload.length)
        guard !sum.overflow, sum.partialValue <= limits.principalBytes else {
            let left = max(0, limits.principalBytes - holdings.bytes)
            throw UploadRefusal(413, .quotaExceeded, "there is room for \(left) more bytes")
        }
    }

    mutating func put(_ upload: Upload) {
        self.remove(upload.id)
        self.uploads[upload.id] = upload
        self.owned[upload.owner, default: []].insert(upload.id)
        self.count(upload, 1)
    }

    mutating func remove(_ id: UploadID) {
        guard let upload = self.uploads.removeValue(forKey: id) else { return }
        self.count(upload, -1)
        self.owned[upload.owner]?.remove(id)
        guard self.owned[upload.owner]?.isEmpty == true else { return }
        self.owned[upload.owner] = nil
        self.sums[upload.owner] = nil
    }

    private mutating func count(_ upload: Upload, _ sign: Int) {
        self.sums[upload.owner, default: UploadHoldings()].files += sign
        self.sums[upload.owner, default: UploadHoldings()].bytes += sign * upload.length
        if upload.state == .receiving { self.sums[upload.owner, default: UploadHoldings()].unfinished += sign }
    }

    func uploads(of owner: String, limit: Int) -> [Upload] {
        let uploads = (self.owned[owner] ?? []).compactMap { self.uploads[$0] }
        return Array(uploads.sorted { ($0.created, $0.id.description) > ($1.created, $1.id.description) }.prefix(limit))
    }

    func untouched(since time: Timestamp, _ state: Upload.State, limit: Int) -> [Upload] {
        let old = self.uploads.values.filter { $0.state == state && $0.touched < time }
        return Array(old.sorted { ($0.touched, $0.id.description) < ($1.touched, $1.id.description) }.prefix(limit))
    }
}
