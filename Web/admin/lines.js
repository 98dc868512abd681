// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

export const levels = ['trace', 'debug', 'info', 'notice', 'warning', 'error', 'critical'];
const standard = new Set(['time', 'level', 'label', 'message']);

/** The newest lines of the server's log, each once, however often it was sent. */
export class Lines {
  static limit = 500;

  list = [];
  /** Lines that were written and never came here, because this page was too slow. */
  missed = 0;

  /** Takes what a stream begins with: all that the server still has. */
  replace(items) {
    this.list = items;
    this.missed = 0;
  }

  /** Answers the lines that are new. */
  add(items) {
    const fresh = items.filter(({ number }) => number > (this.list.at(-1)?.number ?? 0));
    if (this.list.length > 0 && fresh.length > 0) this.missed += fresh[0].number - this.list.at(-1).number - 1;
    this.list.push(...fresh);
    if (this.list.length > Lines.limit) this.list.splice(0, this.list.length - Lines.limit);
    return fresh;
  }
}

/** What stands on a line beside its time, level and message: `[name, text]`. */
export function fields(line) {
  return Object.entries(line).filter(([name]) => !standard.has(name))
    .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
}

/** Whether a line is at least of a level, and holds every word that is looked for. */
export function fits({ line }, level, words) {
  if (levels.indexOf(line.level) < levels.indexOf(level)) return false;
  if (words.length === 0) return true;
  const text = JSON.stringify(line).toLowerCase();
  return words.every((word) => text.includes(word));
}
