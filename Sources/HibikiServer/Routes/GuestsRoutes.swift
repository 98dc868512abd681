// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiMessaging
import HibikiSocketIOCodec
import HibikiTransports
import HibikiWire
import Hummingbird

/// `POST /v1/guests`: an id and a token for somebody whom nobody knows, or another token for a guest.
struct GuestsRoutes {
    /// How many messages a new guest counts for, so that one address cannot be a crowd.
    private static let cost = Spending(messages: 9)
    private static let nameBytes = 1...64
    private static let bodyBytes = 4_096

    let guests: Guests

    func add(to router: some RouterMethods<RouterContext>) {
        router.post("v1/guests") { request, context in try await self.welcome(request, context) }
    }

    private func welcome(_ request: Request, _ context: RouterContext) async throws -> Response {
        let body = try await request.body.collect(upTo: Self.bodyBytes)
        let name = try Self.name(try JSONBody(body).text("name"))
        let known = context.principal
        let isRenewed = known.roles.contains(Guests.role) && known.id?.hasPrefix(Guests.idPrefix) ?? false
        guard known.isAnonymous || isRenewed else {
            throw WireError(.permissionDenied, "whoever has a token of another kind is no guest")
        }
        if !isRenewed { try context.budget?.spend(Self.cost, by: known, at: .now()) }
        let pass = self.guests.pass(
            for: isRenewed ? known.id ?? Guests.makeID() : Guests.makeID(),
            named: name ?? known.name ?? Guests.defaultName, at: .now())
        return .json(
            [
                "userId": .string(pass.id), "name": .string(pass.name), "token": .string(pass.token),
                "expiresAt": .integer(pass.expiry.milliseconds),
            ], status: isRenewed ? .ok : .created)
    }

    private static func name(_ text: String?) throws(WireError) -> String? {
        guard let text else { return nil }
        guard Self.nameBytes.contains(text.utf8.count),
            !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            let lengths = "\(Self.nameBytes.lowerBound) to \(Self.nameBytes.upperBound)"
            throw WireError(.invalidMessage, "name: expected \(lengths) bytes without control characters")
        }
        return text
    }
}
