// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIO
import HibikiTransports
import Logging

extension HibikiServer {
    /// Ends everything in its order: nobody new comes in, everybody is told and may finish, and what is left when the time is
    /// over is cut. Then the log does not change any more, and is saved.
    func stop() async {
        let end = ContinuousClock.now + self.live.read(\.drain)
        self.readiness.stopping()
        await self.door.close()
        let plan = DrainPlan(
            connections: self.door.connectionCount, within: self.live.read(\.drain),
            reconnectDelay: self.live.read(\.reconnectDelay), reconnectsPerSecond: self.live.read(\.reconnectsPerSecond)
        )
        self.logger.info(
            "shutting down",
            metadata: ["connections": "\(self.door.connectionCount)", "batches": "\(plan.batches)"])
        await self.door.drain(plan)
        self.socketIO?.shutDown(plan.lastFarewell)
        await self.door.waitForConnections(until: end)
        let left = self.door.connectionCount
        let namespaces = await self.socketIO?.end() ?? []
        await self.door.cut()
        if left > 0 {
            self.logger.notice(
                "connections were cut at the end of the drain time", metadata: ["connections": "\(left)"])
        }
        // Whoever gave a command has gone, or was cut; what was taken is stored all the same.
        await self.chat?.stop()
        await self.collaboration?.stop()
        await self.hub.broker.stop()
        self.folder?.save(self.log, namespaces)
    }
}
