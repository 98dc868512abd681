// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** How far back the charts look, in milliseconds. */
export const span = 300_000;

/** What the server counted, moment by moment. Counters are totals since its start; rates are made here, of two of them. */
export class Samples {
  list = [];

  replace(samples) {
    this.list = samples;
  }

  add(sample) {
    const last = this.list.at(-1);
    if (last && sample.time <= last.time) return;
    this.list.push(sample);
    while (this.list.length > 2 && this.list[1].time < sample.time - span) this.list.shift();
  }

  get last() {
    return this.list.at(-1);
  }

  /** What `read` finds in each sample. */
  gauge(read) {
    return this.list.map((sample) => ({ time: sample.time, value: read(sample) }));
  }

  /** How fast what `read` finds has grown, a second. A counter that has fallen belongs to a server that was started anew. */
  rate(read) {
    return this.list.slice(1).map((sample, index) => {
      const before = this.list[index];
      const grown = read(sample) - read(before);
      const value = grown < 0 ? NaN : (grown * 1000) / (sample.time - before.time);
      return { time: sample.time, value };
    });
  }

  /** The growth of one counter for each unit of another: a mean, where something was measured at all. */
  ratio(above, below) {
    return this.list.slice(1).map((sample, index) => {
      const before = this.list[index];
      const measured = below(sample) - below(before);
      const value = measured > 0 ? (above(sample) - above(before)) / measured : NaN;
      return { time: sample.time, value };
    });
  }

  /** By how much a counter has grown in the last milliseconds that are known. */
  growth(read, milliseconds = span) {
    const last = this.last;
    if (!last) return 0;
    let first = last;
    for (const sample of this.list.toReversed()) {
      if (sample.time < last.time - milliseconds || read(sample) > read(first)) break;
      first = sample;
    }
    return read(last) - read(first);
  }
}

/** A reader of one series, or of the sum of several: `series('websocket_messages_total', 'inbound text', 'inbound binary')`. */
export function series(family, ...labels) {
  return (sample) => {
    const values = sample.values[family];
    if (values === undefined) return labels.length > 0 ? 0 : NaN;
    const names = labels.length > 0 ? labels : Object.keys(values);
    return names.reduce((sum, name) => sum + (values[name] ?? 0), 0);
  };
}

/** The series of a family in the newest sample, as pairs of label and value. */
export function entries(sample, family) {
  return Object.entries(sample?.values[family] ?? {});
}
