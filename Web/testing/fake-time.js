// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** Time that stands still until it is told to pass. */
export class FakeTime {
  #now = 1_000_000;
  #timers = new Map();
  #last = 0;

  constructor(random = 0) {
    this.options = {
      setTimeout: (callback, delay) => {
        this.#last += 1;
        this.#timers.set(this.#last, { callback, at: this.#now + delay, delay });
        return this.#last;
      },
      clearTimeout: (timer) => this.#timers.delete(timer),
      now: () => this.#now,
      random: () => random,
    };
  }

  get delays() {
    return [...this.#timers.values()].map((timer) => timer.delay);
  }

  get count() {
    return this.#timers.size;
  }

  /** Runs what becomes due, with the promises in between. */
  async pass(milliseconds) {
    const end = this.#now + milliseconds;
    for (;;) {
      await settled();
      const due = [...this.#timers].filter(([, timer]) => timer.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.#now = Math.max(this.#now, due[1].at);
      due[1].callback();
    }
    this.#now = end;
    await settled();
  }
}

/** Lets everything run that waits for no timer and no socket. */
export async function settled() {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits, in real time, until `condition` holds. */
export async function until(condition, what = String(condition), limit = 20_000) {
  const end = Date.now() + limit;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not within ${limit} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
