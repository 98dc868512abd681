// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiTransports

/// Whether the clocks tell a time that tokens, logs and other nodes can live with.
struct ClockCheck: DoctorCheck {
    /// 2026-01-01 and 2100-01-01, in milliseconds since 1970.
    private static let years: ClosedRange<Int64> = 1_767_225_600_000...4_102_444_800_000
    private static let observed = Duration.milliseconds(200)
    private static let tolerated = Duration.milliseconds(50)

    let name = "clock"

    func examine() async -> [Finding] {
        let advice = "Set the clock, and let it be kept by chrony or systemd-timesyncd"
        let (wall, steady) = (Timestamp.now(), ContinuousClock.now)
        guard Self.years.contains(wall.milliseconds) else {
            return [.failure("the clock says \(wall.milliseconds / 1_000) seconds since 1970", advice: advice)]
        }
        try? await Task.sleep(for: Self.observed)
        let moved = Duration.milliseconds(Timestamp.now().milliseconds - wall.milliseconds)
        let difference = moved - (ContinuousClock.now - steady)
        let tolerated = .zero - Self.tolerated...Self.tolerated
        guard tolerated.contains(difference) else {
            return [.warning("the clock was moved by \(difference) within \(Self.observed)", advice: advice)]
        }
        return [.ok("the clock runs steadily, in a year that can be")]
    }
}
