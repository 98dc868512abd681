// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Testing

@testable import HibikiS3
@testable import HibikiUploads

@Suite(.enabled(if: TestStore.isInstalled)) struct `A bucket` {
    @Test func `keeps the contract of stores, in parts too`() async throws {
        let running = try await TestStore()
        try await BlobStoreContract(store: running.store(), folder: TemporaryFolder()).check()
    }

    @Test func `serves a file itself to whoever has its address`() async throws {
        let running = try await TestStore()
        let store = running.store()
        let key = BlobKey(.random())
        try await BlobStoreContract(store: store, folder: TemporaryFolder()).put(key, Array("0123456789".utf8))
        let fields = BlobFields(contentType: "text/plain", contentDisposition: "attachment; filename=\"a b.txt\"")
        let address = try #require(try await store.address(of: key, seconds: 60, fields))
        let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: address), timeout: .seconds(10))
        let body = try await response.body.collect(upTo: 100)
        #expect(String(buffer: body) == "0123456789")
        #expect(response.headers.first(name: "content-disposition") == fields.contentDisposition)
    }

    @Test func `that is not there is an error with its code`() async throws {
        let running = try await TestStore()
        let store = running.store { $0.bucket = "not-there-at-all" }
        await #expect(throws: S3Failure.self) {
            try await BlobStoreContract(store: store, folder: TemporaryFolder()).put(BlobKey(.random()), [1])
        }
    }

    @Test func `that cannot be reached is tried again, and then an error`() async throws {
        let running = try await TestStore()
        let store = running.store {
            $0.endpoint = "http://127.0.0.1:1"
            $0.attempts = 2
            $0.timeout = .milliseconds(300)
        }
        await #expect(throws: (any Error).self) { _ = try await store.size(of: BlobKey(.random())) }
    }
}
