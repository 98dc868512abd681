// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import CPostgres

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// Opens connections, each on a thread of its own for the time that it takes: libpq looks up names without returning in
/// between, and nobody else shall wait for a name server.
struct PostgresConnecting: Sendable {
    let connectionString: String
    let timeLimit: Duration

    /// What stands before the connection string, so that it may say otherwise: a peer that is gone is noticed within a
    /// minute, and of several hosts that one is taken which can be written to.
    private static let defaults = [
        ("keepalives_idle", "30"), ("keepalives_interval", "10"), ("keepalives_count", "3"),
        ("fallback_application_name", "hibiki"), ("target_session_attrs", "read-write"),
    ]

    func open() async throws(PostgresFailure) -> PostgresHandle {
        let result: Result<PostgresHandle, PostgresFailure> = await withCheckedContinuation { continuation in
            let didStart = BlockingThread.start {
                continuation.resume(returning: Result { () throws(PostgresFailure) in try self.openBlocking() })
            }
            if !didStart {
                continuation.resume(returning: .failure(PostgresFailure(.connection, "the system has no thread left")))
            }
        }
        return try result.get()
    }

    private func openBlocking() throws(PostgresFailure) -> PostgresHandle {
        let deadline = ContinuousClock.now + self.timeLimit
        let handle = try self.start()
        // As PQconnectPoll is described: as if it had said "writing" before it is called for the first time.
        var state = PGRES_POLLING_WRITING
        while state != PGRES_POLLING_OK {
            if state == PGRES_POLLING_FAILED || handle.isBroken { throw self.failure(handle) }
            let left = max(.zero, ContinuousClock.now.duration(to: deadline))
            let events = Int16(state == PGRES_POLLING_READING ? POLLIN : POLLOUT)
            var socket = pollfd(fd: handle.socket, events: events, revents: 0)
            guard poll(&socket, 1, Int32(clamping: Int64((left / .milliseconds(1)).rounded(.up)))) != 0 else {
                throw PostgresFailure(.connection, "the server did not answer within \(self.timeLimit)")
            }
            state = PQconnectPoll(handle.connection)
        }
        return try self.prepared(handle)
    }

    private func start() throws(PostgresFailure) -> PostgresHandle {
        // libpq repeats the piece of a string that it cannot read, which may be a part of the password.
        guard let options = PQconninfoParse(self.connectionString, nil) else {
            throw PostgresFailure(.statement, "the connection string cannot be read")
        }
        PQconninfoFree(options)
        let parameters = Self.defaults + [("dbname", self.connectionString), ("client_encoding", "UTF8")]
        let words = parameters.map { $0.0 }.map { strdup($0) } + [nil]
        let values = parameters.map { $0.1 }.map { strdup($0) } + [nil]
        defer {
            for text in words + values { free(text) }
        }
        // 1: what stands as `dbname` is a whole connection string.
        let connection = PQconnectStartParams(words.map { UnsafePointer($0) }, values.map { UnsafePointer($0) }, 1)
        guard let connection else { throw PostgresFailure(.connection, "the system has no memory left") }
        let handle = PostgresHandle(connection)
        if handle.isBroken { throw self.failure(handle) }
        return handle
    }

    /// What a connection has from its beginning: it never blocks, is in pipeline mode, and speaks UTF-8.
    private func prepared(_ handle: PostgresHandle) throws(PostgresFailure) -> PostgresHandle {
        guard PQsetnonblocking(handle.connection, 1) == 0, PQenterPipelineMode(handle.connection) == 1 else {
            throw self.failure(handle)
        }
        hibiki_dropNotices(handle.connection)
        let encoding = PQparameterStatus(handle.connection, "server_encoding").map { String(cString: $0) } ?? "none"
        guard encoding == "UTF8" else {
            throw PostgresFailure(
                .statement, "the database must be in the encoding UTF8, and this one is in \(encoding)")
        }
        return handle
    }

    private func failure(_ handle: PostgresHandle) -> PostgresFailure {
        PostgresFailure(.connection, handle.message)
    }
}
