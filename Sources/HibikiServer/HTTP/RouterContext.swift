// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiTransports
import Hummingbird
import Logging

/// What the front door knows about a request beside the request itself.
struct FrontDoorSource: RequestContextSource {
    let logger: Logger
    let remoteAddress: String
    /// `nil` if it is not known.
    let scheme: RequestScheme?
    let budget: RequestBudget?
    let bodyBytes: Int
    let isHead: Bool
}

struct RouterContext: RequestContext {
    typealias Source = FrontDoorSource

    var coreContext: CoreRequestContextStorage
    let remoteAddress: String
    let scheme: RequestScheme?
    /// Who pays for it.
    let budget: RequestBudget?
    let bodyBytes: Int
    /// Whether nobody gets the body of the answer.
    let isHead: Bool
    /// Who has sent the request.
    var principal = Principal.anonymous

    init(source: FrontDoorSource) {
        self.coreContext = .init(source: source)
        self.remoteAddress = source.remoteAddress
        self.scheme = source.scheme
        self.budget = source.budget
        self.bodyBytes = source.bodyBytes
        self.isHead = source.isHead
    }
}
