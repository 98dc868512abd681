// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

const counting = new Intl.NumberFormat('en');
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dates = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

export const nothing = '–';

export function count(number) {
  return Number.isFinite(number) ? counting.format(Math.round(number)) : nothing;
}

/** `1 connection`, `2 connections`. */
export function counted(number, one, many = `${one}s`) {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** A number with at most three digits: `0.4`, `12.5`, `940`, `12.5k`. */
export function short(number) {
  if (!Number.isFinite(number)) return nothing;
  const size = Math.abs(number);
  if (size >= 999_500) return `${trimmed(number / 1e6)}M`;
  if (size >= 9_995) return `${trimmed(number / 1e3)}k`;
  if (size >= 100) return count(number);
  return trimmed(number);
}

function trimmed(number) {
  const size = Math.abs(number);
  return String(Number(number.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2)));
}

export function bytes(number) {
  if (!Number.isFinite(number)) return nothing;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let size = number;
  while (Math.abs(size) >= 1000 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(size) : trimmed(size)} ${units[unit]}`;
}

/** Seconds, in the unit that fits: `0.3 ms`, `1.25 s`. */
export function seconds(number) {
  if (!Number.isFinite(number)) return nothing;
  if (number < 0.001) return `${trimmed(number * 1e6)} µs`;
  return number < 1 ? `${trimmed(number * 1e3)} ms` : `${trimmed(number)} s`;
}

export function percent(share) {
  return Number.isFinite(share) ? `${trimmed(share * 100)} %` : nothing;
}

/** How long ago something began, in its two largest units: `3 h 12 min`. */
export function age(milliseconds) {
  if (!Number.isFinite(milliseconds)) return nothing;
  const all = Math.max(0, Math.floor(milliseconds / 1000));
  const parts = [[86_400, 'd'], [3_600, 'h'], [60, 'min'], [1, 's']]
    .map(([size, unit], index, units) => [Math.floor((index ? all % units[index - 1][0] : all) / size), unit]);
  const first = parts.findIndex(([number]) => number > 0);
  if (first < 0) return '0 s';
  return parts.slice(first, first + 2).filter(([number], index) => index === 0 || number > 0)
    .map(([number, unit]) => `${number} ${unit}`).join(' ');
}

export function time(milliseconds) {
  return clock.format(milliseconds);
}

export function date(milliseconds) {
  return dates.format(milliseconds);
}
