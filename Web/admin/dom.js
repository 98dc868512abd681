// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

const drawing = 'http://www.w3.org/2000/svg';

/** Makes an element: `make('button', { type: 'button', onclick }, 'Close')`. Texts become text, never markup. */
export function make(name, properties = {}, ...children) {
  return fill(document.createElement(name), properties, children);
}

/** The same for what is drawn. */
export function draw(name, properties = {}, ...children) {
  return fill(document.createElementNS(drawing, name), properties, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Writes only what has changed, so that assistive technology and selections are not disturbed. */
export function setText(element, text) {
  const string = String(text);
  if (element.textContent !== string) element.textContent = string;
}

export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

export function byId(id) {
  return document.getElementById(id);
}

/** Says something to who cannot see it happen. */
export function announce(text) {
  setText(byId('announce'), text);
}

/** Runs `work` now and again, never twice at a time, and not while nobody sees the page. Answers what ends it. */
export function repeatedly(milliseconds, work) {
  let timer;
  let ended = false;
  let running = false;
  async function turn() {
    clearTimeout(timer);
    if (ended || running) return;
    running = true;
    try {
      if (!document.hidden) await work();
    } finally {
      running = false;
      if (!ended) timer = setTimeout(turn, milliseconds);
    }
  }
  document.addEventListener('visibilitychange', turn);
  turn();
  return {
    now: turn,
    end() {
      ended = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', turn);
    },
  };
}

/** Calls `work` once the calls have stopped for a moment. */
export function afterPause(milliseconds, work) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...values), milliseconds);
  };
}
