// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Looks into files before anybody can have them.
public protocol UploadScanner: Sendable {
    /// - Parameter path: a file of this machine, which stays as it is.
    func scan(file path: String) async -> ScanVerdict
}

public enum ScanVerdict: Equatable, Sendable {
    case clean
    /// The file is set aside, and its sender told.
    case infected
    /// Nobody can say. The file waits, and its sender is asked to come back.
    case unavailable(String)
}
