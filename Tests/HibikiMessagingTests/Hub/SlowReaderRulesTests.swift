// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Testing

@Suite struct `Rules for slow readers` {
    @Test func `a topic without a rule closes`() throws {
        #expect(SlowReaderRules().policy(for: try Topic("public/a")) == .close)
    }

    @Test func `the longest prefix decides, in whatever order the rules were set`() throws {
        let rules: [(String, SlowReaderPolicy)] = [("public/", .drop), ("public/prices/", .latest), ("", .latest)]
        for order in [rules, rules.reversed()] {
            var set = SlowReaderRules()
            for (prefix, policy) in order { set.set(policy, forPrefix: prefix) }
            #expect(set.policy(for: try Topic("public/cursors")) == .drop)
            #expect(set.policy(for: try Topic("public/prices/gold")) == .latest)
            #expect(set.policy(for: try Topic("public/price")) == .drop)
            #expect(set.policy(for: try Topic("other")) == .latest)
            #expect(set.texts == ["public/prices/=latest", "public/=drop", "=latest"])
        }
    }

    @Test func `a rule that is set again counts as it was set last`() throws {
        var rules = SlowReaderRules()
        rules.set(.drop, forPrefix: "a")
        rules.set(.close, forPrefix: "a")
        #expect(rules.texts == ["a=close"])
    }
}
