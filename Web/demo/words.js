// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

const counting = new Intl.NumberFormat('en');

export function count(number) {
  return counting.format(number);
}

export function events(number) {
  return `${count(number)} ${number === 1 ? 'event' : 'events'}`;
}

/** A duration with at most three significant digits: `0.8 ms`, `24 ms`, `1.95 s`. */
export function duration(milliseconds) {
  if (milliseconds === null) return '–';
  if (milliseconds < 9.95) return `${Math.max(0.1, milliseconds).toFixed(1)} ms`;
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1000).toFixed(milliseconds < 9950 ? 2 : 1)} s`;
}

/** `one`, `one and two`, `one, two and three`. */
export function list(names) {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** What a person reads of a payload: its text if it has one, else the JSON, cut to what fits. */
export function summary(payload) {
  const text = typeof payload?.text === 'string' ? payload.text : JSON.stringify(payload);
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

/** How a lane came back. */
export function outcome({ gap, count: number, faults }) {
  if (gap) return "The log no longer reached back to this lane's position. It goes on from now.";
  if (faults > 0) return `Caught up ${events(number)}, with ${count(faults)} out of place.`;
  if (number === 0) return 'Back. Nothing had been published meanwhile.';
  return `Caught up ${events(number)}, none lost.`;
}

/** The sentence over the traces, and the state that colours it. */
export function verdict(ledger, lanes) {
  const cut = lanes.filter((lane) => lane.isCut);
  const others = lanes.filter((lane) => !lane.isCut);
  const faulty = lanes.filter((lane) => lane.faults > 0);
  const say = (state, text) => ({ state, text: `${tally(ledger)} ${text}` });
  if (faulty.length > 0) return say('fault', `Out of step: ${list(faulty.map(fault))}.`);
  if (lanes.some((lane) => lane.state === 'lost')) return say('busy', 'Reconnecting.');
  if (others.some((lane) => lane.behind > 0 || lane.isCatchingUp)) return say('busy', 'Arriving.');
  if (others.length === 0) return say('cut', 'Every lane is cut; the log goes on without them.');
  if (ledger.total === 0) return say('idle', 'Type a message, or send a burst.');
  if (cut.length > 0) {
    const names = list(cut.map((lane) => lane.definition.name));
    return say('cut', `${names} ${cut.length === 1 ? 'is' : 'are'} cut; ${howAre(others)}.`);
  }
  if (ledger.forgotten > 0) return say('cut', `${count(ledger.forgotten)} of these fell into a gap.`);
  if (lanes.some((lane) => lane.isAfterGap)) return say('cut', 'The log does not reach back; it goes on from now.');
  if (lanes.some(hasGap)) return say('cut', 'Some left the log before every lane had read them.');
  return say('good', 'Received on every lane, in order, none twice.');
}

function howAre(lanes) {
  if (lanes.some(hasGap)) return 'another had a gap before';
  return `${lanes.length === 1 ? 'the other lane has' : 'the other lanes have'} all, in order, none twice`;
}

export function hasGap(lane) {
  return lane.cursor.unreachable > 0 || lane.isAfterGap;
}

function tally(ledger) {
  if (ledger.total === 0) return 'Nothing published yet.';
  if (ledger.elsewhere === 0) return `Sent ${count(ledger.sent)}.`;
  return `Sent ${count(ledger.sent)} here, ${count(ledger.elsewhere)} elsewhere.`;
}

function fault({ definition, cursor: { skipped, twice } }) {
  const parts = [];
  if (skipped > 0) parts.push(`missed ${count(skipped)}`);
  if (twice > 0) parts.push(`had ${count(twice)} twice`);
  return `${definition.name} ${parts.join(' and ')}`;
}

/** What a lane's state is called on it. */
export function state(lane) {
  switch (lane.state) {
  case 'idle': return 'waiting for the log';
  case 'opening': return 'connecting';
  case 'open': return lane.isCatchingUp ? 'catching up' : lane.definition.listening;
  case 'lost': return 'connection lost, trying again';
  case 'cut': return lane.behind > 0 ? `cut, ${events(lane.behind)} waiting` : 'cut';
  }
}

/** The note at the end of a lane's row: how it compares with the log. */
export function standing(lane) {
  if (lane.faults > 0) return 'out of step';
  if (lane.isCut) return lane.behind > 0 ? `cut, ${count(lane.behind)} behind` : 'cut';
  if (lane.state === 'lost') return 'reconnecting';
  if (lane.behind > 0) return `${count(lane.behind)} to come`;
  if (lane.isCatchingUp) return 'catching up';
  if (lane.isAfterGap) return 'after a gap';
  if (hasGap(lane)) return `a gap of ${count(lane.cursor.unreachable)}`;
  return lane.received === 0 ? 'listening' : 'all, in order';
}
