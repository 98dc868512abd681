// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** Makes an element: `make('button', { type: 'button', onclick }, 'Close')`. Texts become text, never markup. */
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export function byId(id) {
  return document.getElementById(id);
}

/** Writes only what has changed, so that assistive technology and selections are not disturbed. */
export function setText(element, text) {
  const string = String(text);
  if (element.textContent !== string) element.textContent = string;
}

/**
 * Makes the children of `parent` those of `items`: an element is kept as long as its key is there, made anew only when
 * its item is another, and moved only when it has to. Focus and scrolling survive it.
 *
 * @param shape `{ key(item), make(item) }`; two items are the same when they are so as JSON
 */
export function reconcile(parent, items, { key, make: build }) {
  const old = new Map([...parent.children].map((element) => [element.dataset.key, element]));
  const wanted = new Set(items.map(key));
  // First, so that what stays need not be moved: an element that is moved loses the focus.
  for (const [name, element] of old) if (!wanted.has(name)) element.remove();
  let before = null;
  for (const item of items) {
    const name = key(item);
    const signature = JSON.stringify(item);
    let element = old.get(name);
    if (element?.signature !== signature) element = replaced(element, build(item), name, signature);
    const place = before ? before.nextElementSibling : parent.firstElementChild;
    if (element !== place) parent.insertBefore(element, place);
    before = element;
  }
}

/** Another version of an element in its place; a focus that was in it stays in it. */
function replaced(old, element, name, signature) {
  element.dataset.key = name;
  element.signature = signature;
  if (!old?.isConnected) return element;
  const focused = old.contains(document.activeElement) ? pathTo(old, document.activeElement) : null;
  if (back && old.contains(back)) back = pathTo(old, back)(element) ?? element;
  old.replaceWith(element);
  if (focused) (focused(element) ?? element).focus({ preventScroll: true });
  return element;
}

function pathTo(old, focused) {
  const name = focused.dataset?.action;
  if (focused === old || name === undefined) return (element) => element;
  return (element) => element.querySelector(`[data-action="${CSS.escape(name)}"]`);
}

/** Where the focus was when the dialog that is open was opened. */
let back = null;

/** Opens a dialog. When it closes, the focus is where it was, in a message too that was drawn anew meanwhile. */
export function openDialog(dialog) {
  back = document.activeElement;
  dialog.addEventListener('close', () => {
    const { activeElement, body } = document;
    if (activeElement === body || dialog.contains(activeElement)) back?.focus({ preventScroll: true });
    back = null;
  }, { once: true });
  dialog.showModal();
}

/** Calls `work` at most once a frame. */
export function oncePerFrame(work) {
  let isPlanned = false;
  return () => {
    if (isPlanned) return;
    isPlanned = true;
    requestAnimationFrame(() => {
      isPlanned = false;
      work();
    });
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

const colours = ['websocket', 'sse', 'longpoll', 'poll'];

/** A sign for a person: an initial on one of the four colours, the same everywhere. */
export function avatar(id, name, status) {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  const [initial = '?'] = name.trim();
  const colour = colours[sum % colours.length];
  const properties = { class: 'avatar', 'data-colour': colour, 'data-status': status, 'aria-hidden': 'true' };
  return make('span', properties, initial.toLocaleUpperCase());
}
