// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** How far back a trace shows, in milliseconds. */
export const span = 16_000;

/** Events closer than this ring as one stroke: a burst of thousands costs no more to draw than a few. */
const stroke = 40;

/** What happened lately, for a trace: strokes with their weight, requests, and the times without a transport. */
export class History {
  strokes = [];
  requests = [];
  interruptions = [];

  arrived(at, weight = 1) {
    const last = this.strokes.at(-1);
    if (last !== undefined && at - last.at < stroke) {
      last.weight += weight;
      return;
    }
    this.strokes.push({ at, weight });
    dropBefore(this.strokes, at, (item) => item.at);
  }

  requested(at) {
    this.requests.push(at);
    dropBefore(this.requests, at, (item) => item);
  }

  interrupted(at = performance.now()) {
    if (this.interruptions.at(-1)?.to === null) return;
    this.interruptions.push({ from: at, to: null });
    dropBefore(this.interruptions, at, (item) => item.to ?? Infinity);
  }

  resumed(at = performance.now()) {
    const last = this.interruptions.at(-1);
    if (last?.to === null) last.to = at;
  }

  /** Whether a trace has anything but a flat line to show. */
  isQuiet(now) {
    const oldest = now - span;
    const recent = (at) => at !== undefined && at > oldest;
    const lastInterruption = this.interruptions.at(-1);
    return !recent(this.strokes.at(-1)?.at) && !recent(this.requests.at(-1))
      && (lastInterruption === undefined || (lastInterruption.to !== null && !recent(lastInterruption.to)));
  }
}

/** A little more than the span is kept, because a stroke rings on after it began. */
function dropBefore(items, now, time) {
  const oldest = now - span - 2000;
  let count = 0;
  while (count < items.length && time(items[count]) < oldest) count += 1;
  if (count > 0) items.splice(0, count);
}
