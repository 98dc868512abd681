// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
public import HibikiTransports
import Synchronization

/// A part of the server that takes new settings while it runs.
public protocol Reloadable: Sendable {
    /// Takes what it can from the settings, and leaves the rest. What is under way goes on as it began.
    func reload(_ configuration: ServerConfiguration) async
}

/// The settings in effect, for parts that ask for them whenever they need one.
final class LiveConfiguration: Reloadable {
    private let value: Mutex<ServerConfiguration>

    init(_ configuration: ServerConfiguration) {
        self.value = Mutex(configuration)
    }

    func read<Value: Sendable>(_ path: KeyPath<ServerConfiguration, Value>) -> Value {
        self.value.withLock { $0[keyPath: path] }
    }

    func reload(_ configuration: ServerConfiguration) async {
        self.value.withLock { current in
            var new = configuration
            new.host = current.host
            new.transport.origins.trustsLocalHostsOnly = current.transport.origins.trustsLocalHostsOnly
            current = new
        }
    }
}

extension Budgets: Reloadable {
    public func reload(_ configuration: ServerConfiguration) async {
        self.set(configuration.effectiveBudgets)
    }
}

extension FrontDoor: Reloadable {
    public func reload(_ configuration: ServerConfiguration) async {
        await self.reload(configuration.transport)
    }
}
