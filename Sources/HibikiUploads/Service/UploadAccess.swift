// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging

/// Who may do what with uploads. Asked each time, also for those who come with a signed link.
public protocol UploadAccess: Sendable {
    func mayCreate(_ principal: Principal) async -> Bool

    /// Whether somebody may have the bytes. Asked only about others than the owner. Throws where that cannot be said at the moment.
    func mayRead(_ upload: Upload, _ principal: Principal) async throws -> Bool
}

/// What has been uploaded is its owner's alone. Who has no name owns nothing: what such a client has uploaded belongs to whoever knows its id.
public struct OwnerAccess: UploadAccess {
    private let allowsAnonymous: Bool

    /// - Parameter allowsAnonymous: whether clients may upload whom nobody knows.
    public init(allowsAnonymous: Bool) {
        self.allowsAnonymous = allowsAnonymous
    }

    /// An API key may if it may publish, or manage: one that only reads brings nothing.
    public func mayCreate(_ principal: Principal) async -> Bool {
        if let key = principal.key { return !key.scopes.isDisjoint(with: [.publish, .manage]) }
        return self.allowsAnonymous || !principal.isAnonymous
    }

    public func mayRead(_ upload: Upload, _ principal: Principal) async -> Bool { upload.owner.isEmpty }
}

/// Who says which uploads something refers to: a message, a picture of a person.
public protocol UploadReferences: Sendable {
    /// Those of `uploads` that are referred to. What is not is deleted after a time.
    func referenced(_ uploads: [Upload]) async throws -> Set<UploadID>
}

/// Told of what happens to uploads.
public protocol UploadObserver: Sendable {
    /// It can be downloaded from now on.
    func uploadIsReady(_ upload: Upload) async
    /// The scanner has found something, and the file is set aside.
    func uploadIsInfected(_ upload: Upload) async
}

extension UploadObserver {
    public func uploadIsReady(_ upload: Upload) async {}
    public func uploadIsInfected(_ upload: Upload) async {}
}
