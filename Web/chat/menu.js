// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { byId, make } from './chat-dom.js';

const menu = byId('menu');
const margin = 6;

let anchor = null;

/**
 * Opens a menu at a button (the pattern of a menu button): arrow keys, Home, End and first letters go through it, Esc
 * closes it and gives the focus back.
 *
 * @param items `[{ title, note?, run, isDanger?, isChosen? }]`; `isChosen` is there in a choice of one among several
 */
export function openMenu(button, label, items) {
  if (anchor === button) return menu.hidePopover();
  menu.replaceChildren(...items.map(itemElement));
  menu.setAttribute('aria-label', label);
  menu.showPopover();
  anchor = button;
  button.setAttribute('aria-expanded', 'true');
  place(button.getBoundingClientRect());
  return menu.firstElementChild?.focus();
}

function itemElement({ title, note, run, isDanger, isChosen }) {
  const choose = () => {
    menu.hidePopover();
    run();
  };
  return make('button', {
    type: 'button', role: isChosen === undefined ? 'menuitem' : 'menuitemradio', tabindex: '-1', onclick: choose,
    'aria-checked': isChosen === undefined ? undefined : String(isChosen), class: isDanger ? 'danger' : undefined,
  }, make('span', {}, title), note ? make('span', { class: 'hint' }, note) : null);
}

/** Below the button, or above it where there is no room, and never beyond the window. */
function place({ top, bottom, right }) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const isBelow = bottom + height + margin <= innerHeight || top < height + margin;
  const wanted = isBelow ? bottom + 2 : top - height - 2;
  menu.style.top = `${Math.max(margin, Math.min(wanted, innerHeight - height - margin))}px`;
  menu.style.left = `${Math.max(margin, Math.min(right - width, innerWidth - width - margin))}px`;
}

function step(event) {
  // No key of a menu is one of the page.
  event.stopPropagation();
  const buttons = [...menu.children];
  const index = buttons.indexOf(document.activeElement);
  const next = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: -1 }[event.key];
  if (next !== undefined) {
    event.preventDefault();
    buttons.at(next % buttons.length)?.focus();
  } else if (event.key === 'Escape' || event.key === 'Tab') {
    event.preventDefault();
    menu.hidePopover();
  } else if (event.key.length === 1 && event.key !== ' ') {
    const letter = event.key.toLocaleLowerCase();
    const rest = [...buttons.slice(index + 1), ...buttons];
    rest.find(({ textContent }) => textContent.toLocaleLowerCase().startsWith(letter))?.focus();
  }
}

menu.addEventListener('keydown', step);
// Whatever lies elsewhere closes it; its own button does so with its click.
document.addEventListener('pointerdown', ({ target }) => {
  if (anchor !== null && !menu.contains(target) && !anchor.contains(target)) menu.hidePopover();
}, { capture: true });
menu.addEventListener('focusout', ({ relatedTarget }) => {
  if (anchor !== null && relatedTarget !== null && !menu.contains(relatedTarget) && relatedTarget !== anchor) {
    menu.hidePopover();
  }
});
addEventListener('resize', () => anchor !== null && menu.hidePopover());
menu.addEventListener('beforetoggle', ({ newState }) => {
  if (newState !== 'closed' || anchor === null) return;
  const old = anchor;
  const isIn = menu.contains(document.activeElement);
  anchor = null;
  old.setAttribute('aria-expanded', 'false');
  if (isIn) current(old)?.focus({ preventScroll: true });
});

/** A button may have been drawn anew while its menu was open. */
function current(button) {
  if (button.isConnected || !button.dataset.action) return button;
  return document.querySelector(`[data-action="${CSS.escape(button.dataset.action)}"]`);
}
