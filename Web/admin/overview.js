// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { Chart } from './chart.js';
import { closeCode } from './codes.js';
import { make, setAttribute, setText } from './dom.js';
import { bytes, count, counted, percent, seconds, short } from './format.js';
import { hits, limits, others } from './limit-words.js';
import { entries, series } from './samples.js';
import { Table } from './table.js';

const open = (kind) => series('hibiki_connections', kind);
const received = series('websocket_messages_total', 'inbound text', 'inbound binary');
const sent = series('websocket_messages_total', 'outbound text', 'outbound binary');
const published = series('hibiki_published_events_total');
const queued = series('hibiki_queue_bytes');
const delivered = series('websocket_message_latency_seconds', 'count');
const latency = series('websocket_message_latency_seconds', 'sum');

const gauge = (label, colour, read) => ({ label, colour, read: (samples) => samples.gauge(read) });
const rate = (label, colour, read) => ({ label, colour, read: (samples) => samples.rate(read) });

const charts = [
  {
    title: 'Connections', format: short, isStacked: true, least: 3, series: [
      gauge('WebSocket', 'websocket', open('websocket')), gauge('Event streams', 'sse', open('sse')),
      gauge('HTTP and polls', 'longpoll', series('hibiki_connections', 'http', 'http2', 'closing')),
    ],
  },
  {
    title: 'WebSocket messages a second', format: short, least: 3,
    series: [rate('out', 'websocket', sent), rate('in', 'sse', received)],
  },
  { title: 'Events published a second', format: short, least: 3, series: [rate('published', 'longpoll', published)] },
  {
    title: 'Bytes a second', format: bytes, least: 3072, base: 1024, series: [
      rate('out', 'websocket', series('hibiki_bytes_total', 'outbound')),
      rate('in', 'sse', series('hibiki_bytes_total', 'inbound')),
    ],
  },
  {
    title: 'Time to deliver', format: seconds, least: 0.0003, series: [
      { label: 'mean', colour: 'websocket', read: (samples) => samples.ratio(latency, delivered) },
      gauge('a turn of the event loops', 'poll', (sample) => sample.loopDelay),
    ],
  },
  {
    title: 'Waiting for slow readers', format: bytes, least: 3072, base: 1024,
    series: [gauge('waiting', 'longpoll', queued)],
  },
  {
    title: 'Memory', format: bytes, least: 3 << 20, base: 1024,
    series: [gauge('resident', 'poll', series('process_resident_memory_bytes'))],
  },
  {
    title: 'Processor', format: percent, least: 0.3,
    series: [rate('of one core', 'sse', series('process_cpu_seconds_total'))],
  },
  {
    title: 'Topics that are followed', format: short, least: 3,
    series: [gauge('topics', 'longpoll', series('hibiki_topics_with_members'))],
  },
];

/** The state of the server in one sentence, and its last five minutes as charts. */
export function overview({ samples }) {
  const plots = charts.map((definition) => new Chart(definition));
  const verdict = make('h1', { class: 'verdict', 'data-state': 'idle' }, 'Waiting for the first sample.');
  const closes = new Table({
    caption: 'How WebSockets have ended since the start, by close code', key: ([code]) => code,
    empty: 'No WebSocket has ended since the start.',
    columns: [
      { title: 'Code', text: ([code]) => (code === 'other' ? 'others' : code) },
      { title: 'Meaning', text: ([code]) => closeCode(code) },
      { title: 'Since the start', isNumber: true, text: ([, number]) => count(number) },
      { title: 'Last 5 min', isNumber: true, text: ([, , recent]) => count(recent) },
    ],
  });
  const returns = new Table({
    caption: 'Readers that came back with a position', key: ([name]) => name,
    columns: [
      { title: 'Outcome', text: ([name]) => ({ recovered: 'Recovered', gap: 'Told of a gap' })[name] ?? name },
      { title: 'Since the start', isNumber: true, text: ([, number]) => count(number) },
      { title: 'Last 5 min', isNumber: true, text: ([, , recent]) => count(recent) },
    ],
  });
  const element = make('div', {}, verdict,
    make('div', { class: 'charts' }, plots.map((plot) => plot.element)),
    make('div', { class: 'halves' },
      make('section', { class: 'panel' }, make('h2', {}, 'How WebSockets have ended'), closes.element),
      make('section', { class: 'panel' }, make('h2', {}, 'Readers that came back'), returns.element,
        make('p', { class: 'hint' }, 'Recovered readers got all that they had missed. A gap means that the log no longer reached back, and that they were told so.'))));

  function show() {
    if (!samples.last) return;
    for (const plot of plots) plot.show(samples);
    const { state, text } = standing(samples);
    setAttribute(verdict, 'data-state', state);
    setText(verdict, text);
    closes.show(counts(samples, 'hibiki_websocket_closes_total'));
    returns.show(counts(samples, 'hibiki_recoveries_total'));
  }

  return { element, sampled: show, shown: show };
}

function counts(samples, family) {
  return entries(samples.last, family).map(([name, number]) => [name, number, samples.growth(series(family, name))]);
}

/** What an operator wants to know first. */
export function standing(samples) {
  const connections = entries(samples.last, 'hibiki_connections').reduce((sum, [, number]) => sum + number, 0);
  const start = `${counted(connections, 'connection')}.`;
  const met = [...limits, ...others(samples)].filter((limit) => hits(samples, limit).recent > 0);
  const descriptors = series('process_open_fds')(samples.last) / series('process_max_fds')(samples.last);
  if (descriptors > 0.9) {
    return { state: 'fault', text: `${start} ${percent(descriptors)} of the files that the process may open are in use.` };
  }
  if (met.length > 0) {
    const names = met.slice(0, 2).map(({ title }) => title.toLowerCase()).join(', ');
    return { state: 'cut', text: `${start} In the last five minutes a limit was met: ${names}${met.length > 2 ? ' and others' : ''}.` };
  }
  const waiting = queued(samples.last);
  if (waiting > 1 << 20) return { state: 'busy', text: `${start} ${bytes(waiting)} wait for slow readers; no limit was met.` };
  return { state: 'good', text: `${start} Nothing waits, and no limit was met in the last five minutes.` };
}
