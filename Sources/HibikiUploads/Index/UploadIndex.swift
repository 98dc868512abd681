// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging

/// Where it is written down what uploads there are.
public protocol UploadIndex: Sendable {
    /// Writes a new one down, unless its owner has no room for it. Durable when it returns.
    ///
    /// What is announced counts from here on, so that a thousand uploads at once do not get more room than one after the other.
    func insert(_ upload: Upload, _ limits: UploadLimits) async throws

    func upload(_ id: UploadID) async throws -> Upload?

    /// Writes down what has become of one. Durable when it returns. One that was removed stays so.
    func replace(_ upload: Upload) async throws

    func remove(_ id: UploadID) async throws

    func holdings(of owner: String) async throws -> UploadHoldings

    /// The newest first.
    func uploads(of owner: String, limit: Int) async throws -> [Upload]

    /// Those to which nothing has happened since a time, the oldest first.
    func untouched(since time: Timestamp, _ state: Upload.State, limit: Int) async throws -> [Upload]
}

/// What somebody has uploaded.
public struct UploadHoldings: Equatable, Sendable {
    public var files = 0
    /// Announced ones too.
    public var bytes = 0
    public var unfinished = 0

    public init() {}
}
