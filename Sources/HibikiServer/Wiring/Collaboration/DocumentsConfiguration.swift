// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiCollaboration

/// What can be set about documents.
public struct DocumentsConfiguration: Sendable {
    /// Whether there are any. Default off; the command has it on.
    public var isOn = false
    /// What one message of an editor may take, in bytes: the first holds all that was written while it was offline. Default 16 MiB.
    public var messageBytes = 16 << 20
    public var collaboration = CollaborationConfiguration()
    /// What the page at `/documents/` needs to edit.
    public var yjs = YjsModule()

    public init() {}
}
