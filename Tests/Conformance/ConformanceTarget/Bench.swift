// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIO

/// What the benchmarks measure.
enum Bench {
    private static let room = "bench"

    static func install(on io: SocketIOServer) {
        let bench = io.of("/bench")
        bench.onConnection { socket in
            socket.join(self.room)
            socket.on("echo") { (arguments: Arguments) in socket.emit("echo", arguments) }
            socket.on("tick") { (count: Int, interval: Int64) in
                guard !socket.recovered else { return }
                let id = socket.id
                Task {
                    // By its id, because the socket object changes when the client comes back.
                    await Handlers.emitTicks(count, every: .milliseconds(interval)) { bench.to(id).emit("tock", $0) }
                }
            }
        }
        io.of("/bench-publish").onConnection { socket in
            socket.on("say") { (arguments: Arguments) in bench.to(self.room).emit("said", arguments) }
        }
    }
}
