// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import AsyncHTTPClient
import HibikiMessaging
import NIOCore
import Testing

@testable import HibikiS3
@testable import HibikiUploads

@Suite struct `Files that were broken off` {
    @Test func `are read from the list of the store`() {
        let answer = """
            <?xml version="1.0" encoding="UTF-8"?><ListMultipartUploadsResult><Bucket>box</Bucket><KeyMarker></KeyMarker>\
            <NextKeyMarker>b</NextKeyMarker><NextUploadIdMarker>2</NextUploadIdMarker><IsTruncated>true</IsTruncated>\
            <Upload><Key>a</Key><UploadId>1</UploadId><Initiator><ID>x</ID></Initiator>\
            <Initiated>2026-11-21T10:00:00.000Z</Initiated></Upload>\
            <Upload><Key>b</Key><UploadId>2</UploadId><Initiated>yesterday</Initiated></Upload>\
            <Upload><Key>c</Key><Initiated>2026-11-21T10:00:00.000Z</Initiated></Upload></ListMultipartUploadsResult>
            """
        let list = S3UploadList(ByteBuffer(string: answer))
        #expect(list.uploads == [S3UploadList.Upload(key: "a", id: "1", began: "2026-11-21T10:00:00")])
        #expect(list.next?.key == "b")
        #expect(list.next?.id == "2")
        #expect(S3UploadList(ByteBuffer(string: "<IsTruncated>false</IsTruncated>")).next == nil)
    }

    @Test func `are as old as their times say`() {
        #expect(S3Time.listed(Timestamp(milliseconds: 1_369_353_599_999)) == "2013-05-23T23:59:59")
        #expect(S3Time.listed(Timestamp(milliseconds: 1_369_353_599_999)) < "2013-05-24T00:00:00")
        #expect(S3Time(Timestamp(milliseconds: 1_369_353_600_000)).text == "20130524T000000Z")
    }

    @Test(.enabled(if: TestStore.isInstalled)) func `are taken out of a bucket, and what others put there is not`()
        async throws
    {
        let running = try await TestStore()
        let store = running.store { $0.prefix = "hibiki/" }
        let others = running.store()
        let mine = BlobKey(.random()).description
        for (client, key) in [(store.client, mine), (others.client, "hibiki/file/aa/theirs"), (others.client, mine)] {
            _ = try await client.send(client.request("POST", key, [("uploads", "")]), statuses: [200])
        }
        func left() async throws -> [String] {
            let response = try await others.client.send(
                others.client.bucketRequest("GET", [("uploads", "")]), statuses: [200])
            return S3UploadList(try await response.body.collect(upTo: 1 << 20)).uploads.map(\.key).sorted()
        }
        try await store.removeUnfinished(before: Timestamp(milliseconds: 0))
        #expect(try await left().count == 3)
        try await store.removeUnfinished(before: Timestamp(milliseconds: 4_000_000_000_000))
        #expect(try await left() == [mine, "hibiki/file/aa/theirs"].sorted())
    }
}
