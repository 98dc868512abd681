// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiLogging
import HibikiMessaging
import HibikiMetrics
import HibikiTransports
import Hummingbird
import Logging

/// The dashboard: its credential, its feed and its routes, joined.
struct Admin: Sendable {
    let access: AdminAccess
    private let feed: AdminFeed
    private let live: LiveConfiguration
    private let metrics: MetricsRegistry
    private let hub: Hub
    private let directory: @Sendable () throws -> ServerDirectory
    private let logger: Logger

    init(
        _ configuration: ServerConfiguration, live: LiveConfiguration, hub: Hub, log: RecentLog?,
        metrics: MetricsRegistry, directory: @escaping @Sendable () throws -> ServerDirectory, logger: Logger
    ) {
        self.access = AdminAccess(configuration.admin, logger: logger)
        self.feed = AdminFeed(hub: hub, log: log, access: self.access)
        self.live = live
        self.metrics = metrics
        self.hub = hub
        self.directory = directory
        self.logger = logger
    }

    var mount: Mount { AdminStream(access: self.access, feed: self.feed).mount }

    /// What stands before all of its paths, those included that are not there.
    var gate: AdminGateMiddleware {
        let live = self.live
        return AdminGateMiddleware(access: self.access) {
            AdminGate(trustsLocalHostsOnly: live.read(\.transport.origins.trustsLocalHostsOnly))
        }
    }

    func add(to router: some RouterMethods<RouterContext>) {
        let routes = AdminRoutes(access: self.access)
        routes.add(to: router)
        let protected = router.group().add(middleware: AdminSessionMiddleware(access: self.access))
        routes.addProtected(to: protected)
        AdminConnectionRoutes(directory: self.directory, logger: self.logger).add(to: protected)
        AdminTopicRoutes(directory: self.directory, hub: self.hub).add(to: protected)
        AdminSocketRoutes(directory: self.directory, logger: self.logger).add(to: protected)
        AdminNodeRoutes(directory: self.directory, loops: self.hub.loopCount).add(to: protected)
    }

    /// Makes samples until its task is cancelled.
    func run(_ door: FrontDoor) async {
        let metrics = self.metrics
        await self.feed.run(
            from: AdminFeed.Source(families: { await metrics.families() }, turns: { await door.answers() }))
    }
}
