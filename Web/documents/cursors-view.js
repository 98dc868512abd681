// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { make, oncePerFrame } from '../chat/chat-dom.js';
import { colourOf, nameOf } from './people.js';

/** Where the others are, painted above the text and not into it: what is in the editable element is text, and nothing else. */
export class CursorsView {
  #yjs;
  #text;
  #view;
  #awareness;
  #layer;

  constructor(yjs, { text, view, awareness, layer }) {
    this.#yjs = yjs;
    this.#text = text;
    this.#view = view;
    this.#awareness = awareness;
    this.#layer = layer;
    this.paint = oncePerFrame(() => this.#paint());
    awareness.on('change', this.paint);
    new ResizeObserver(this.paint).observe(layer);
  }

  /** The places of a selection as others understand them: they hold whatever is written before them. */
  tell({ anchor, head }) {
    const relative = (index) => this.#yjs.createRelativePositionFromTypeIndex(this.#text, index);
    this.#awareness.show({ cursor: { anchor: relative(anchor), head: relative(head) } });
  }

  #paint() {
    const box = this.#layer.getBoundingClientRect();
    const marks = [...this.#awareness.others.values()].flatMap((state) => this.#marks(state, box));
    this.#layer.replaceChildren(...marks);
  }

  #marks(state, box) {
    const [anchor, head] = [this.#placeOf(state.cursor?.anchor), this.#placeOf(state.cursor?.head)];
    if (anchor === null || head === null) return [];
    const colour = colourOf(state);
    const [start, end] = [Math.min(anchor, head), Math.max(anchor, head)];
    const selected = this.#view.rectangles(start, end).map((one) => placed('selected', one, box, colour));
    const flag = make('span', { class: 'flag' }, nameOf(state));
    const caret = placed('caret', this.#view.caretRectangle(head), box, colour);
    caret.style.width = '';
    caret.append(flag);
    return [...selected, caret];
  }

  /** What somebody else says may be anything. */
  #placeOf(json) {
    if (typeof json !== 'object' || json === null) return null;
    try {
      const relative = this.#yjs.createRelativePositionFromJSON(json);
      const place = this.#yjs.createAbsolutePositionFromRelativePosition(relative, this.#text.doc);
      return place?.type === this.#text ? place.index : null;
    } catch {
      return null;
    }
  }
}

function placed(name, rectangle, box, colour) {
  const element = make('span', { class: name });
  element.style.left = `${rectangle.left - box.left}px`;
  element.style.top = `${rectangle.top - box.top}px`;
  element.style.width = `${rectangle.width}px`;
  element.style.height = `${rectangle.height}px`;
  element.style.setProperty('--person', colour);
  if (rectangle.left - box.left > box.width / 2) element.classList.add('at-right');
  return element;
}
