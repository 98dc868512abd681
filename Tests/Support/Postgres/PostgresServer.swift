// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation

/// A real PostgreSQL of the tests' own: in a temporary folder, on a free port of the loopback address, durable as in
/// production. It ends with the process of the tests, however that ends.
///
/// PostgreSQL does not run as root; started by root it runs as the user `postgres`, or `nobody` where there is none.
public actor PostgresServer {
    public enum Problem: Error {
        case notInstalled
        case failed(String)
    }

    private static let sharedServer = Task { try await PostgresServer() }
    public static let user = "hibiki"

    public nonisolated let port: Int
    /// Holds everything of the server, and can be written by it.
    public nonisolated let folder: String
    private let programs: String
    private var keeper: Keeper?
    private var databases = 0

    /// One for all tests that do no harm to it.
    public static var shared: PostgresServer {
        get async throws { try await self.sharedServer.value }
    }

    /// Makes a server and starts it.
    ///
    /// - Parameters:
    ///   - settings: lines for `postgresql.conf`, by the server's folder.
    ///   - prepare: called with the folder before the start; what it leaves there belongs to the server.
    public init(
        settings: @Sendable (_ folder: String) -> [String] = { _ in [] },
        prepare: @Sendable (_ folder: String) async throws -> Void = { _ in }
    ) async throws {
        self.programs = try Self.findPrograms()
        self.port = try Loopback.freePort()
        self.folder =
            FileManager.default.temporaryDirectory.appending(path: "hibiki-pg-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: false)
        try await prepare(self.folder)
        if let owner = ServerUser.name { try await Command.run(["chown", "-R", owner, self.folder]) }
        try await Command.run(
            ServerUser.prefix + [
                self.programs + "/initdb", "-D", self.folder + "/data", "-U", Self.user, "-E", "UTF8", "--no-locale",
                "--auth=trust", "--no-sync",
            ])
        let fixed = [
            "port = \(self.port)", "listen_addresses = '127.0.0.1'", "unix_socket_directories = '\(self.folder)'",
            "fsync = on", "synchronous_commit = on", "max_connections = 200", "shared_buffers = 64MB",
        ]
        let file = try FileHandle(forWritingTo: URL(filePath: self.folder + "/data/postgresql.conf"))
        try file.seekToEnd()
        try file.write(contentsOf: Data((fixed + settings(self.folder)).map { "\n" + $0 }.joined().utf8))
        try file.close()
        try await self.start()
    }

    /// Starts a server that was ended, and returns when it takes connections.
    public func start() async throws {
        self.keeper = try Keeper(
            ServerUser.prefix, server: [self.programs + "/postgres", "-D", self.folder + "/data"],
            output: self.folder + "/output")
        try? FileManager.default.removeItem(atPath: self.folder + "/keep")
        let deadline = ContinuousClock.now + .seconds(60)
        while !self.isReady {
            guard !self.output.hasSuffix("is shut down\n"), ContinuousClock.now < deadline else {
                throw Problem.failed(self.output)
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Ends it as a power cut would: no process of it gets to say anything.
    public func crash() async throws {
        FileManager.default.createFile(atPath: self.folder + "/keep", contents: nil)
        for process in try self.processes() { kill(process, SIGKILL) }
        await self.keeper?.end()
        // Left behind by those who had no time to; the next start would read from it that it is ready.
        try FileManager.default.removeItem(atPath: self.folder + "/data/postmaster.pid")
    }

    /// Ends it in order, connections first, and removes all of it.
    public func stop() async {
        await self.keeper?.end()
    }

    /// What to connect with; `more` are further words of a connection string.
    public nonisolated func connectionString(_ database: String = "postgres", _ more: String = "") -> String {
        "host=127.0.0.1 port=\(self.port) user=\(Self.user) dbname=\(database) \(more)"
    }

    /// Makes an empty database and gives its name.
    public func makeDatabase() async throws -> String {
        self.databases += 1
        let name = "test\(self.databases)"
        try await self.execute("CREATE DATABASE \(name)")
        return name
    }

    public nonisolated func dropDatabase(_ name: String) async throws {
        try await self.execute("DROP DATABASE \(name) WITH (FORCE)")
    }

    /// Runs one statement outside of any transaction, and gives what psql prints.
    @discardableResult
    public nonisolated func execute(_ statement: String, in database: String = "postgres") async throws -> String {
        try await Command.run([
            "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement, self.connectionString(database),
        ])
    }

    /// PostgreSQL says so in the eighth line of the file with its process number.
    private var isReady: Bool {
        let file = try? String(contentsOfFile: self.folder + "/data/postmaster.pid", encoding: .utf8)
        let lines = (file ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        return lines.count > 7 && lines[7].hasPrefix("ready")
    }

    private var output: String {
        (try? String(contentsOfFile: self.folder + "/output", encoding: .utf8)) ?? "no output"
    }

    /// The server's first process and its children.
    private func processes() throws -> [pid_t] {
        let file = try String(contentsOfFile: self.folder + "/data/postmaster.pid", encoding: .utf8)
        guard let first = file.split(separator: "\n").first.flatMap({ pid_t($0) }) else {
            throw Problem.failed("postmaster.pid says no process")
        }
        let listed = try? String(contentsOfFile: "/proc/\(first)/task/\(first)/children", encoding: .utf8)
        return [first] + (listed ?? "").split(separator: " ").compactMap { pid_t($0) }
    }

    private static func findPrograms() throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).compactMap { Int($0) }
        let folders =
            versions.sorted(by: >).map { "\(root)/\($0)/bin" } + ["/opt/homebrew/bin", "/usr/local/bin", "/usr/bin"]
        guard let folder = folders.first(where: { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") }) else {
            throw Problem.notInstalled
        }
        return folder
    }
}
