// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Tracing

extension InstrumentationSystem {
    /// The tracer that the process was given; `nil` if it was given none, so that nothing has to be done for it.
    static var tracerOfProcess: (any Tracer)? {
        let tracer = self.tracer
        return tracer is NoOpTracer ? nil : tracer
    }
}
