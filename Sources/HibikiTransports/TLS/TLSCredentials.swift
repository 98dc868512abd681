// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
import NIOSSL
import Synchronization

/// The certificate that new connections get, read again when its files change. Connections that are there keep theirs.
public final class TLSCredentials: Sendable {
    /// Something that an operator wants to know.
    public enum Notice: Sendable, Equatable {
        case replaced(expires: Timestamp)
        /// The files have changed and cannot be used; the old certificate stays.
        case refused(CertificateProblem)
        /// Comes once a day from 30 days before the end; `days` is below 0 when it is over.
        case expires(days: Int)
    }

    private struct State {
        var identity: TLSIdentity
        /// The files that were read last, whether they could be used or not.
        var read: [FileStamp?]
        /// The files at the last look.
        var seen: [FileStamp?]
        var warned: Timestamp?
    }

    private static let day: Int64 = 86_400_000
    private static let warningDays = 30

    private let files: CertificateFiles
    private let state: Mutex<State>

    public init(_ files: CertificateFiles) throws(CertificateProblem) {
        self.files = files
        let stamps = files.stamps()
        self.state = Mutex(State(identity: try TLSIdentity(files), read: stamps, seen: stamps))
    }

    public var expires: Timestamp { self.state.withLock { $0.identity.expires } }

    var context: NIOSSLContext { self.state.withLock { $0.identity.context } }

    /// Looks whether the files have changed, and takes them if they fit together. To be called every few seconds.
    ///
    /// They are read at the second look that finds them the same, because certificate and key are two files and are not
    /// replaced at one moment.
    ///
    /// - Parameter now: for the warning before the certificate expires.
    public func look(at now: Timestamp) -> [Notice] {
        let stamps = self.files.stamps()
        let isNew = self.state.withLock { state in
            defer { state.seen = stamps }
            guard stamps != state.read, stamps == state.seen else { return false }
            state.read = stamps
            return true
        }
        var notices: [Notice] = []
        if isNew { notices.append(self.reload()) }
        if let warning = self.warning(at: now) { notices.append(warning) }
        return notices
    }

    private func reload() -> Notice {
        do throws(CertificateProblem) {
            let identity = try TLSIdentity(self.files)
            self.state.withLock { state in
                state.identity = identity
                state.warned = nil
            }
            return .replaced(expires: identity.expires)
        } catch {
            return .refused(error)
        }
    }

    private func warning(at now: Timestamp) -> Notice? {
        self.state.withLock { state in
            let left = state.identity.expires.milliseconds - now.milliseconds
            let days = Int((Double(left) / Double(Self.day)).rounded(.down))
            guard days < Self.warningDays else { return nil }
            if let warned = state.warned, now.milliseconds - warned.milliseconds < Self.day { return nil }
            state.warned = now
            return .expires(days: days)
        }
    }
}
