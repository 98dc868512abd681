// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Testing

@testable import HibikiUploads

@Suite struct `The bytes of a request` {
    private static func fields(_ change: (inout TusPatch.Fields) -> Void = { _ in }) -> TusPatch.Fields {
        var fields = TusPatch.Fields()
        fields.version = "1.0.0"
        fields.offset = "10"
        fields.contentType = "application/offset+octet-stream"
        change(&fields)
        return fields
    }

    private static func status(_ body: () throws(UploadRefusal) -> Void) -> Int? {
        do throws(UploadRefusal) {
            try body()
            return nil
        } catch {
            return error.status
        }
    }

    private static let upload = Upload(
        id: .random(), owner: "ann", length: 30, created: Timestamp(milliseconds: 0))

    @Test func `have an offset, a type and a version`() {
        #expect(Self.status { () throws(UploadRefusal) in _ = try TusPatch(Self.fields()) } == nil)
        for (change, status) in [
            ({ $0.version = nil }, 412), ({ $0.version = "0.9" }, 412), ({ $0.contentType = nil }, 415),
            ({ $0.contentType = "application/octet-stream" }, 415), ({ $0.offset = nil }, 400),
            ({ $0.offset = "-1" }, 400), ({ $0.offset = "" }, 400), ({ $0.offset = "1.5" }, 400),
            ({ $0.checksum = "sha1" }, 400), ({ $0.checksum = "crc32 AAAAAA==" }, 400),
            ({ $0.checksum = "sha1 AAAA" }, 400),
        ] as [((inout TusPatch.Fields) -> Void, Int)] {
            #expect(Self.status { () throws(UploadRefusal) in _ = try TusPatch(Self.fields(change)) } == status)
        }
    }

    @Test(
        arguments: [("9", 409), ("11", 409), ("30", 409), ("99999999999999999999", 409), ("10", nil)]
            as [(String, Int?)])
    func `begin where the stored ones end`(_ offset: String, _ status: Int?) throws {
        let patch = try TusPatch(Self.fields { $0.offset = offset })
        #expect(Self.status { () throws(UploadRefusal) in _ = try patch.room(in: Self.upload, stored: 10) } == status)
    }

    @Test(
        arguments: [(nil, nil), ("0", nil), ("20", nil), ("21", 413), ("9223372036854775807", 413)] as [(String?, Int?)]
    )
    func `are not more than are missing`(_ length: String?, _ status: Int?) throws {
        let patch = try TusPatch(Self.fields { $0.contentLength = length })
        #expect(Self.status { () throws(UploadRefusal) in _ = try patch.room(in: Self.upload, stored: 10) } == status)
    }

    @Test func `are not taken for a file that was set aside`() throws {
        var upload = Self.upload
        upload.state = .quarantined
        let patch = try TusPatch(Self.fields())
        #expect(Self.status { () throws(UploadRefusal) in _ = try patch.room(in: upload, stored: 10) } == 422)
    }
}
