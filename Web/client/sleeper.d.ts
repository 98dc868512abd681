// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import type { Clock } from './clock.js';

export class Sleeper {
  constructor(clock: Clock);
  sleep(milliseconds: number): Promise<void>;
  /** Fulfils every `sleep` now. */
  wakeAll(): void;
}
