// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let tracing: Target.Dependency = .product(name: "Tracing", package: "swift-distributed-tracing")

let package = Package(
    name: "hibiki",
    platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .watchOS(.v11), .visionOS(.v2)],
    products: [
        .executable(name: "hibiki", targets: ["hibiki"]),
        .library(name: "HibikiServer", targets: ["HibikiServer"]),
        .library(name: "HibikiSocketIO", targets: ["HibikiSocketIO", "HibikiSocketIOCodec", "HibikiMessaging"]),
        .library(name: "HibikiChat", targets: ["HibikiChat", "HibikiMessaging", "HibikiWire"]),
        .library(name: "HibikiClient", targets: ["HibikiClient"]),
        .library(name: "HibikiCollaboration", targets: ["HibikiCollaboration", "HibikiOT", "HibikiYjs"]),
        .library(name: "HibikiProtobuf", targets: ["HibikiProtobuf"]),
        .library(name: "HibikiWebSocketCodec", targets: ["HibikiWebSocketCodec"]),
        .library(name: "HibikiYjs", targets: ["HibikiYjs"]),
        .library(name: "HibikiOT", targets: ["HibikiOT"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.2"),
        .package(url: "https://github.com/apple/swift-nio-http2.git", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.1"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.7.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0", traits: ["JSON", "YAML"]),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-system.git", from: "1.8.0"),
        .package(url: "https://github.com/vapor/jwt-kit.git", from: "5.7.1"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-protobuf.git", from: "1.39.0", traits: []),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift.git", from: "0.2.0"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
    ],
    targets: [
        // 1: bytes in, values and actions out
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .target(name: "HibikiWire", dependencies: [nio], swiftSettings: settings),
        .target(
            name: "HibikiWebSocketCodec",
            dependencies: ["CZlib", nio, .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: settings
        ),
        .target(name: "HibikiSocketIOCodec", dependencies: ["HibikiWire", nio], swiftSettings: settings),
        .target(name: "HibikiYjs", swiftSettings: settings),
        .target(name: "HibikiYjsCheck", dependencies: ["HibikiYjs"], swiftSettings: settings),
        .target(name: "HibikiOT", swiftSettings: settings),
        // Messages of Proto/hibiki.proto for programs in Swift, generated; the server writes and reads them itself
        .target(
            name: "HibikiProtobuf", dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
            swiftSettings: settings
        ),
        .target(name: "HibikiMetrics", dependencies: [metrics], swiftSettings: settings),
        .target(name: "HibikiLogging", dependencies: ["HibikiWire", log], swiftSettings: settings),
        .target(
            name: "HibikiTracing",
            dependencies: [
                "HibikiWire", nio, log, tracing,
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        // 2: topics, the log, the hub
        .target(
            name: "HibikiMessaging",
            dependencies: [
                "HibikiWire", "HibikiMetrics", nio, .product(name: "DequeModule", package: "swift-collections"),
            ],
            swiftSettings: settings
        ),
        // 3: the network
        .target(
            name: "HibikiTransports",
            dependencies: [
                "HibikiWire", "HibikiWebSocketCodec", "HibikiMessaging", "HibikiMetrics", nio, nioPosix, nioSSL, log,
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "HibikiChat", dependencies: ["HibikiWire", "HibikiMessaging", nio], swiftSettings: settings),
        .target(
            name: "HibikiCollaboration", dependencies: ["HibikiWire", "HibikiMessaging", "HibikiYjs", "HibikiOT", log],
            swiftSettings: settings),
        .target(
            name: "HibikiClient",
            dependencies: [
                "HibikiWire", "HibikiWebSocketCodec", nio, nioPosix, nioSSL,
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "HibikiUploads",
            dependencies: [
                "HibikiWire", "HibikiMessaging", nio, nioPosix, log,
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "DequeModule", package: "swift-collections"),
            ],
            swiftSettings: settings
        ),
        // 4: Socket.IO
        .target(
            name: "HibikiSocketIO",
            dependencies: [
                "HibikiWire", "HibikiSocketIOCodec", "HibikiWebSocketCodec", "HibikiMessaging", "HibikiTransports", nio,
                log,
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
                metrics,
            ],
            swiftSettings: settings
        ),
        // 4: stores in SQL, and the drivers below them
        .target(
            name: "HibikiSQL",
            dependencies: ["HibikiChat", "HibikiCollaboration", "HibikiMessaging", "HibikiWire", nio],
            swiftSettings: settings),
        .target(
            name: "HibikiSQLite",
            dependencies: ["HibikiSQL", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: settings
        ),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
        .target(name: "HibikiPostgres", dependencies: ["HibikiSQL", "CPostgres", log], swiftSettings: settings),
        // 4: complete uploads in a bucket
        .target(
            name: "HibikiS3",
            dependencies: [
                "HibikiUploads", "HibikiMessaging", "HibikiWire", nio, nioPosix,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        // The browser's side: modules and pages, embedded in the binary
        .target(name: "CWebFiles", path: "Web/files"),
        .target(
            name: "HibikiWeb",
            dependencies: ["CWebFiles", .product(name: "Crypto", package: "swift-crypto")],
            path: "Web",
            exclude: ["admin", "api", "chat", "client", "demo", "documents", "files", "test", "testing"],
            sources: ["WebAssets.swift"],
            swiftSettings: settings
        ),
        // 5: composition
        .target(
            name: "HibikiServer",
            dependencies: [
                "HibikiWire", "HibikiWebSocketCodec", "HibikiMessaging", "HibikiTransports", "HibikiSocketIOCodec",
                "HibikiSocketIO", "HibikiMetrics", "HibikiLogging", "HibikiTracing", "HibikiChat",
                "HibikiCollaboration",
                "HibikiYjs", "HibikiUploads", "HibikiSQL", "HibikiSQLite", "HibikiPostgres", "HibikiS3", "HibikiWeb",
                nio, nioPosix, log, tracing,
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        // 6: the command
        .executableTarget(
            name: "hibiki",
            dependencies: [
                "HibikiServer", "HibikiClient", "HibikiSocketIO", "HibikiTransports", "HibikiWebSocketCodec",
                "HibikiMessaging", "HibikiChat", "HibikiCollaboration", "HibikiUploads", "HibikiMetrics", "HibikiSQL",
                "HibikiSQLite",
                "HibikiS3", "HibikiLogging", "HibikiTracing", "HibikiWire", "HibikiYjsCheck", nio, nioPosix,
                nioSSL, log, metrics, tracing,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        // What foreign suites and benchmarks run against
        .executableTarget(
            name: "ConformanceTarget",
            dependencies: [
                "HibikiServer", "HibikiSocketIO", "HibikiSocketIOCodec", "HibikiTransports", "HibikiWire", nio, log,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Tests/Conformance/ConformanceTarget",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "ChatBench",
            dependencies: [
                "HibikiChat", "HibikiMessaging", "HibikiSQL", "HibikiSQLite", "HibikiPostgres", log,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks/chat",
            swiftSettings: settings
        ),
        .target(name: "HibikiTestSupport", path: "Tests/Support", swiftSettings: settings),
        // What tests of storage end in the middle of its work
        .executableTarget(
            name: "StoreWriter", dependencies: ["HibikiSQL", "HibikiSQLite"], path: "Tests/StoreWriter",
            swiftSettings: settings),
        // What every store of the chat is held to
        .target(
            name: "HibikiChatContract",
            dependencies: ["HibikiChat", "HibikiMessaging", "HibikiWire", "HibikiTestSupport", nio],
            path: "Tests/ChatContract",
            swiftSettings: settings
        ),
        // What every store of documents is held to
        .target(
            name: "HibikiDocumentContract", dependencies: ["HibikiCollaboration", "HibikiMessaging"],
            path: "Tests/DocumentContract", swiftSettings: settings),
        // The listings of the DocC articles, which see no more than a program in another package would
        .target(
            name: "ArticleListings",
            dependencies: [
                "HibikiServer", "HibikiSocketIO", "HibikiSocketIOCodec", "HibikiMessaging", log,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Tests/Articles",
            packageAccess: false,
            swiftSettings: settings
        ),
        .testTarget(
            name: "HibikiWireTests",
            dependencies: [
                "HibikiWire", "HibikiProtobuf", "HibikiTestSupport", nio,
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "HibikiYjsTests", dependencies: ["HibikiYjs", "HibikiYjsCheck"], exclude: ["Vectors", "Traces"],
            swiftSettings: settings),
        .testTarget(
            name: "HibikiOTTests", dependencies: ["HibikiOT", "HibikiTestSupport"], exclude: ["Vectors"],
            swiftSettings: settings),
        .testTarget(name: "HibikiMetricsTests", dependencies: ["HibikiMetrics", metrics], swiftSettings: settings),
        .testTarget(
            name: "HibikiLoggingTests", dependencies: ["HibikiLogging", "HibikiTestSupport", log],
            swiftSettings: settings),
        .testTarget(
            name: "HibikiTracingTests",
            dependencies: [
                "HibikiTracing", "HibikiTestSupport", log, tracing, nio,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "HibikiWebSocketCodecTests",
            dependencies: ["HibikiWebSocketCodec", "HibikiTestSupport", "CZlib", nio],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HibikiSocketIOCodecTests",
            dependencies: ["HibikiSocketIOCodec", "HibikiWire", "HibikiTestSupport", nio],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HibikiMessagingTests",
            dependencies: [
                "HibikiMessaging", "HibikiMetrics", "HibikiWire", "HibikiTestSupport", nio, nioEmbedded, nioPosix,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HibikiChatTests",
            dependencies: [
                "HibikiChat", "HibikiChatContract", "HibikiMessaging", "HibikiWire", "HibikiTestSupport", nio,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HibikiCollaborationTests",
            dependencies: [
                "HibikiCollaboration", "HibikiDocumentContract", "HibikiMessaging", "HibikiOT", "HibikiTestSupport",
                "HibikiWire", "HibikiYjs", log,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HibikiUploadsTests",
            dependencies: [
                "HibikiUploads", "HibikiS3", "HibikiMessaging", "HibikiWire", "HibikiTestSupport", nio, nioPosix, log,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HibikiTransportsTests",
            dependencies: [
                "HibikiTransports", "HibikiMessaging", "HibikiMetrics", "HibikiWebSocketCodec", "HibikiWire",
                "HibikiProtobuf", "HibikiTestSupport", nio,
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
                nioEmbedded, nioPosix, nioSSL,
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
                log,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HibikiSocketIOTests",
            dependencies: [
                "HibikiSocketIO", "HibikiTransports", "HibikiMessaging", "HibikiSocketIOCodec", "HibikiWebSocketCodec",
                "HibikiWire", "ArticleListings", "HibikiClient", "HibikiTestSupport", nio, nioEmbedded, nioPosix, log,
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HibikiSQLTests",
            dependencies: [
                "HibikiSQL", "HibikiSQLite", "HibikiPostgres", "HibikiChat", "HibikiChatContract",
                "HibikiCollaboration", "HibikiDocumentContract", "StoreWriter", "HibikiTestSupport", log,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "HibikiPostgresTests", dependencies: ["HibikiPostgres", "HibikiSQL", "HibikiTestSupport", log],
            swiftSettings: settings),
        .testTarget(
            name: "HibikiServerTests",
            dependencies: [
                "HibikiServer", "HibikiSocketIO", "HibikiSocketIOCodec", "HibikiClient", "HibikiTransports",
                "HibikiWeb", "HibikiWebSocketCodec", "HibikiChat", "HibikiSQL", "HibikiUploads",
                "HibikiMessaging", "HibikiMetrics", "HibikiLogging", "HibikiTracing", "HibikiWire", nio, nioPosix, log,
                tracing,
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HibikiCommandTests",
            dependencies: [
                "hibiki", "HibikiServer", "HibikiMessaging", "HibikiTransports", log,
                .product(name: "Configuration", package: "swift-configuration"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "HibikiClientTests",
            dependencies: [
                "HibikiClient", "HibikiWire", "HibikiWebSocketCodec", nio, nioPosix,
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
    ]
)
