// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiUploads

/// The key of signed links, in a file that only this user can read.
enum LinkKeyFile {
    private static let name = "link-secret"

    /// Makes one unless the folder has it.
    static func key(in folder: String) throws -> LinkKey {
        let (path, _) = try SecretFile.makeUnlessThere(in: folder, named: Self.name)
        let bytes = try SecretFile.read(path)
        guard bytes.count >= 32 else { throw SecretFile.Problem(path: path, "this is too short for a key") }
        return LinkKey(bytes)
    }
}
