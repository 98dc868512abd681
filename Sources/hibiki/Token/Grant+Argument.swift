// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import ArgumentParser
public import HibikiMessaging

extension Grant: ExpressibleByArgument {
    public init?(argument: String) {
        try? self.init(argument)
    }
}
