// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The dashboard at `/admin/`. Without a password there is none.
public struct AdminConfiguration: Sendable {
    /// A file with what `hibiki admin-password` has made. Default empty: the dashboard is off, and its paths are not found.
    public var passwordFile = ""
    /// What that file holds; read where the server is started, and again at a reload, by ``readPassword()``.
    public var password: AdminPassword?
    /// How long a login counts. Default 8 hours.
    public var sessionLifetime: Duration = .seconds(8 * 3_600)

    public init() {}

    /// Reads the file, if one is named.
    public mutating func readPassword() throws(SecretFile.Problem) {
        self.password = self.passwordFile.isEmpty ? nil : try AdminPassword.read(file: self.passwordFile)
    }
}
