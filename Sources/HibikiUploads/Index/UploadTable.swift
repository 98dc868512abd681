// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire

/// Uploads by id and by owner, with sums that are kept up to date. Owners are told apart by their bytes.
struct UploadTable {
    private(set) var uploads: [UploadID: Upload] = [:]
    private var owned: [[UInt8]: Set<UploadID>] = [:]
    private var sums: [[UInt8]: UploadHoldings] = [:]

    func holdings(of owner: String) -> UploadHoldings { self.sums[Array(owner.utf8)] ?? UploadHoldings() }

    func check(_ upload: Upload, _ limits: UploadLimits) throws(UploadRefusal) {
        let holdings = self.holdings(of: upload.owner)
        guard holdings.unfinished < limits.unfinished else {
            throw UploadRefusal(
                429, .limitExceeded, "\(limits.unfinished) uploads are not complete yet; end those first")
        }
        guard holdings.files < limits.files else {
            throw UploadRefusal(413, .quotaExceeded, "\(limits.files) files are there; delete some first")
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
        self.owned[Array(upload.owner.utf8), default: []].insert(upload.id)
        self.count(upload, 1)
    }

    mutating func remove(_ id: UploadID) {
        guard let upload = self.uploads.removeValue(forKey: id) else { return }
        self.count(upload, -1)
        let owner = Array(upload.owner.utf8)
        self.owned[owner]?.remove(id)
        guard self.owned[owner]?.isEmpty == true else { return }
        self.owned[owner] = nil
        self.sums[owner] = nil
    }

    private mutating func count(_ upload: Upload, _ sign: Int) {
        var sum = self.holdings(of: upload.owner)
        sum.files += sign
        sum.bytes += sign * upload.length
        if upload.state == .receiving { sum.unfinished += sign }
        self.sums[Array(upload.owner.utf8)] = sum
    }

    func uploads(of owner: String, limit: Int) -> [Upload] {
        let uploads = (self.owned[Array(owner.utf8)] ?? []).compactMap { self.uploads[$0] }
        return Array(uploads.sorted { ($0.created, $0.id.description) > ($1.created, $1.id.description) }.prefix(limit))
    }

    func untouched(since time: Timestamp, _ state: Upload.State, limit: Int) -> [Upload] {
        let old = self.uploads.values.filter { $0.state == state && $0.touched < time }
        return Array(old.sorted { ($0.touched, $0.id.description) < ($1.touched, $1.id.description) }.prefix(limit))
    }
}
