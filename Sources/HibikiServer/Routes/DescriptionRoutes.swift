// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiMessaging
import HibikiWeb
import Hummingbird
import NIOCore

/// What the server says about its own interfaces, for programs: OpenAPI for what is asked, AsyncAPI for what is told.
struct DescriptionRoutes {
    func add(to router: some RouterMethods<RouterContext>) {
        for name in ["openapi.json", "asyncapi.json"] {
            router.get(RouterPath("v1/\(name)")) { request, context in
                try context.budget?.spend(Spending(messages: 1), by: .anonymous, at: .now())
                return try WebRoutes.file("/api/\(name)", request)
            }
        }
    }
}
