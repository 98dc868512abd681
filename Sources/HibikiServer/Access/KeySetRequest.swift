// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Fetches a key set over HTTP.
struct KeySetRequest {
    /// A set has a few keys of less than a kilobyte each.
    private static let bytes = 256 << 10
    private static let timeout = TimeAmount.seconds(5)

    let url: String

    func fetch() async throws -> ByteBuffer {
        var request = HTTPClientRequest(url: self.url)
        request.headers.add(name: "Accept", value: "application/jwk-set+json, application/json")
        let response = try await OutgoingHTTP.send(request, deadline: .now() + Self.timeout)
        guard response.status == .ok else {
            throw TokenKey.Problem(description: "the key set was answered with status \(response.status.code)")
        }
        return try await response.body.collect(upTo: Self.bytes)
    }
}
