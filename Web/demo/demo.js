// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { Board } from './board.js';
import { query, showCommands } from './commands.js';
import { LaneView, RowView, setText } from './lane-view.js';
import { listenForKeys } from './keys.js';
import { animate } from './pace.js';
import { forgetColours } from './plots.js';
import { restWhileHidden } from './rest.js';
import { count, outcome, verdict } from './words.js';

const burst = 50;
const unanswered = 'The server did not answer: this may not be published.';
const element = (id) => document.getElementById(id);

let board = null;
let views = [];
let sentRow = null;
let announced = '';
let announcement;
const told = new WeakSet();
const pace = animate(show, draw);

function open(topic) {
  board?.end();
  board = new Board(topic, pace.changed);
  sentRow = new RowView('sent', null, 'Published');
  views = board.lanes.map((lane, index) => new LaneView(lane, index + 1, () => toggle(lane)));
  element('rows').replaceChildren(sentRow.element, ...views.map((view) => view.row.element));
  element('lanes').replaceChildren(...views.map((view) => view.element));
  element('second').href = `/?topic=${query(topic)}`;
  showCommands(element('commands'), topic);
  begin(board);
}

async function begin(opened) {
  for (let delay = 500; opened === board; delay = Math.min(5000, delay * 2)) {
    try {
      await opened.begin();
      if (opened === board) problem(null);
      return;
    } catch (error) {
      if (opened !== board) return;
      problem(error.retry ? 'The server does not answer. Trying again.' : error.message);
      if (!error.retry) return;
    }
    await new Promise((resolve) => setTimeout(resolve, delay));
  }
}

/** Answers whether the server took the texts. */
async function publish(texts) {
  try {
    await board.publish(texts);
    problem(null);
    return true;
  } catch (error) {
    problem(error.status === 0 ? unanswered : `Not published: ${error.message}`);
    return false;
  }
}

function publishBurst() {
  const time = new Date().toLocaleTimeString('en-GB');
  publish(Array.from({ length: burst }, (_, index) => `burst of ${time}, ${index + 1} of ${burst}`));
}

function toggle(lane) {
  if (lane.isCut) lane.restore();
  else lane.cut();
}

function recolour() {
  forgetColours();
  pace.changed();
}

function problem(text) {
  element('problem').hidden = text === null;
  setText(element('problem'), text ?? '');
}

function show() {
  const { ledger, lanes } = board;
  const summary = verdict(ledger, lanes);
  element('verdict').dataset.state = summary.state;
  setText(element('verdict'), summary.text);
  sentRow.show(ledger.total, ledger.elsewhere > 0 ? `${count(ledger.elsewhere)} elsewhere` : 'from here', 'sent');
  for (const view of views) view.show();
  showServer(lanes);
  announce(summary, lanes);
}

function showServer(lanes) {
  const open = lanes.filter((lane) => lane.state === 'open').length;
  element('server').dataset.state = open > 0 ? 'open' : 'closed';
  setText(element('server'), `${open} of ${lanes.length} lanes open`);
}

/** Says only what has come to rest: a cut, a return, or that all lanes are level. */
function announce({ state, text }, lanes) {
  if (state === 'busy' || lanes.some((lane) => lane.state === 'opening')) return;
  if (text === announced) return;
  announced = text;
  clearTimeout(announcement);
  announcement = setTimeout(() => {
    const returned = lanes.filter((lane) => lane.outcome !== null && !told.has(lane.outcome));
    for (const lane of returned) told.add(lane.outcome);
    const returns = returned.map((lane) => `${lane.definition.name}: ${outcome(lane.outcome)}`);
    setText(element('announce'), [text, ...returns].join(' '));
  }, 1000);
}

/** Answers whether anything still moves. */
function draw(now) {
  const histories = [board.arrivals, ...board.lanes.map((lane) => lane.history)];
  const rows = [sentRow, ...views.map((view) => view.row)];
  rows.forEach((row, index) => row.draw(histories[index], now));
  return histories.some((history) => !history.isQuiet(now));
}

element('publish').addEventListener('submit', async (event) => {
  event.preventDefault();
  const field = element('text');
  const text = field.value.trim();
  if (text === '') return field.focus();
  field.value = '';
  const isPublished = await publish([text]);
  if (!isPublished && field.value === '') field.value = text;
});

element('topic').addEventListener('change', () => {
  const topic = element('topic').value.trim();
  if (topic === '' || topic === board.topic) return;
  history.replaceState(null, '', `/?topic=${query(topic)}`);
  open(topic);
});

element('burst').addEventListener('click', publishBurst);
document.addEventListener('themechange', recolour);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', recolour);
addEventListener('resize', pace.changed);
restWhileHidden(() => board.lanes);
listenForKeys({ lane: (index) => toggle(board.lanes[index]), burst: publishBurst });

const asked = new URLSearchParams(location.search).get('topic');
if (asked) element('topic').value = asked;
open(element('topic').value);
