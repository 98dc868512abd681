// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { shown } from './lane.js';
import { drawBars, drawTrace } from './plots.js';
import { count, duration, hasGap, outcome, standing, state, summary } from './words.js';

/** A row of the scope: a name, a trace, a count and a note. */
export class RowView {
  constructor(key, digit, name) {
    const element = document.getElementById('row-template').content.cloneNode(true).firstElementChild;
    element.dataset.lane = key;
    this.element = element;
    this.trace = element.querySelector('.trace');
    this.count = element.querySelector('.row-count');
    this.note = element.querySelector('.row-note');
    const label = element.querySelector('.row-name');
    if (digit !== null) label.append(digitOf(digit));
    label.append(name);
  }

  show(number, note, mood) {
    setText(this.count, count(number));
    setText(this.note, note);
    this.element.dataset.mood = mood;
  }

  draw(history, now) {
    drawTrace(this.trace, history, now);
  }
}

/** The panel of a lane, with its row of the scope. */
export class LaneView {
  #lane;
  #parts;
  #shownSerial = 0;

  constructor(lane, number, toggle) {
    const { key, name, how } = lane.definition;
    this.#lane = lane;
    this.row = new RowView(key, number, name);
    this.element = document.getElementById('lane-template').content.cloneNode(true).firstElementChild;
    this.element.dataset.lane = key;
    const part = (selector) => this.element.querySelector(selector);
    this.#parts = {
      button: part('.cut'), state: part('.state-text'), last: part('.last'), median: part('.median'),
      events: part('.events'), requests: part('.requests'), bars: part('.bars'), outcome: part('.outcome'),
      list: part('.list'),
    };
    part('.digit').textContent = number;
    part('.lane-name').textContent = name;
    part('.how').textContent = how;
    part('.lane-name').id = `lane-${key}`;
    this.element.setAttribute('aria-labelledby', `lane-${key}`);
    this.#parts.list.setAttribute('aria-label', `Last events over ${name}, newest first`);
    this.#parts.button.setAttribute('aria-keyshortcuts', number);
    this.#parts.button.addEventListener('click', toggle);
  }

  show() {
    const lane = this.#lane;
    const { button, last, median, events, requests } = this.#parts;
    this.element.dataset.state = lane.state;
    const action = lane.isCut ? 'Restore' : 'Cut';
    setText(button, action);
    button.setAttribute('aria-label', `${action} ${lane.definition.name}`);
    button.disabled = lane.state === 'idle';
    setText(this.#parts.state, state(lane));
    setText(last, duration(lane.last));
    setText(median, duration(lane.median));
    setText(events, count(lane.received));
    setText(requests, count(lane.requests));
    this.#showOutcome();
    this.#showEvents();
    this.#drawBars();
    this.row.show(lane.received, standing(lane), mood(lane));
  }

  #showOutcome() {
    const element = this.#parts.outcome;
    element.hidden = this.#lane.outcome === null;
    if (this.#lane.outcome === null) return;
    setText(element, outcome(this.#lane.outcome));
    element.dataset.mood = this.#lane.outcome.gap || this.#lane.outcome.faults > 0 ? 'bad' : 'good';
  }

  #showEvents() {
    const fresh = this.#lane.recent.filter((entry) => entry.serial > this.#shownSerial);
    if (fresh.length === 0) return;
    this.#shownSerial = fresh.at(-1).serial;
    const list = this.#parts.list;
    list.prepend(...fresh.map(item).reverse());
    while (list.childElementCount > shown) list.lastElementChild.remove();
  }

  #drawBars() {
    const { bars } = this.#parts;
    drawBars(bars, this.#lane.latencies);
    const median = this.#lane.median === null ? 'none measured yet' : `median ${duration(this.#lane.median)}`;
    bars.setAttribute('aria-label', `Latency of the last ${shown} events: ${median}`);
  }
}

function mood(lane) {
  if (lane.faults > 0) return 'fault';
  if (lane.isCut) return 'cut';
  if (lane.state !== 'open' || lane.behind > 0 || lane.isCatchingUp) return 'busy';
  return lane.received > 0 && !hasGap(lane) ? 'good' : 'idle';
}

function item({ number, event, latency, late }) {
  const element = document.createElement('li');
  element.value = number;
  const text = span('text', summary(event.payload));
  const time = span('time', late ? 'caught up' : latency === null ? 'elsewhere' : duration(latency));
  if (late) element.className = 'late';
  element.append(span('number', count(number)), text, time);
  return element;
}

function digitOf(digit) {
  const element = span('digit', digit);
  element.setAttribute('aria-hidden', 'true');
  return element;
}

function span(className, text) {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  return element;
}

/** Writes only what changed, so that assistive technology and selections are not disturbed. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
