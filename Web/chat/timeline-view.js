// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { byId, oncePerFrame, reconcile, setText } from './chat-dom.js';
import { count } from './chat-words.js';
import { makeRow } from './message-view.js';

/** Pixels from an end at which the next page is fetched. */
const near = 600;
/** Pixels from the foot within which one follows what arrives. */
const foot = 80;

/**
 * The messages of the open room: a list that is scrolled both ways, and keeps its place while it grows at either end.
 */
export class TimelineView {
  #session;
  #context;
  #history = byId('history');
  #list = byId('messages');
  #observer;
  #inSight = new Set();
  #news = 0;
  #shownRoom = null;
  /** The row to go to once it is there: a sequence, `unread` or `foot`. */
  #goal = null;
  update = oncePerFrame(() => this.render());

  constructor(session, context) {
    this.#session = session;
    this.#context = context;
    this.#observer = new IntersectionObserver((entries) => this.#sighted(entries), {
      root: this.#history, threshold: [0, 0.25, 0.5, 0.75],
    });
    this.#history.addEventListener('scroll', oncePerFrame(() => this.#scrolled()), { passive: true });
    document.addEventListener('visibilitychange', () => this.#tellSeen());
    byId('to-newest').addEventListener('click', () => this.toNewest());
    // Pictures, fonts and a smaller window change heights: who follows goes on following.
    new ResizeObserver(() => this.#session.isFollowing && this.#toFoot()).observe(this.#list);
    new ResizeObserver(() => this.#session.isFollowing && this.#toFoot()).observe(this.#history);
  }

  get rows() {
    return [...this.#list.querySelectorAll('.message, .system')];
  }

  opened() {
    const room = this.#session.state.open;
    if (room?.id !== this.#shownRoom) {
      this.#shownRoom = room?.id ?? null;
      this.#news = 0;
      this.#list.replaceChildren();
      this.#observer.disconnect();
      this.#inSight.clear();
      this.#goal = 'unread';
      this.#session.isFollowing = true;
    }
    this.render();
  }

  /** Goes to a message, which is fetched if need be. */
  async jump(sequence) {
    this.#session.isFollowing = false;
    this.#goal = sequence;
    if (await this.#session.jump(sequence)) this.render();
  }

  async toNewest() {
    this.#news = 0;
    if (!this.#session.state.open.timeline.foundNewest) await this.#session.jump('newest');
    this.#session.isFollowing = true;
    this.#goal = 'foot';
    this.render();
  }

  arrived() {
    if (!this.#session.isFollowing) this.#news += 1;
    this.#showNews();
  }

  render() {
    const room = this.#session.state.open;
    if (!room) return;
    const anchor = this.#anchor();
    const rows = this.#session.rows();
    reconcile(this.#list, rows, { key: (row) => row.key, make: (row) => this.#make(row) });
    this.#showEdges(room);
    if (!this.#reach(rows, room)) this.#hold(anchor);
    this.#showNews();
    this.#fill();
  }

  #make(row) {
    const element = makeRow(row, this.#context());
    const { lastRead } = this.#session.state.open;
    const sequence = Number(element.dataset.sequence ?? 0);
    if (sequence > lastRead && !row.isMine) this.#observer.observe(element);
    return element;
  }

  #showEdges({ timeline, kind }) {
    const beginning = kind === 'direct' ? 'This is where you began to talk.' : 'This is where the room begins.';
    const isEmpty = timeline.messages.length === 0;
    const older = timeline.foundOldest ? beginning : 'Loading older messages';
    setText(byId('older'), timeline.isLoaded ? older : 'Loading');
    setText(byId('newer'), timeline.isLoaded && !timeline.foundNewest && !isEmpty ? 'Loading newer messages' : '');
  }

  // Keeping the place

  /** The first row in sight and where it stands, so that it can be put back there. */
  #anchor() {
    if (this.#session.isFollowing) return null;
    const top = this.#history.getBoundingClientRect().top;
    for (const element of this.#list.children) {
      const box = element.getBoundingClientRect();
      if (box.bottom > top && element.dataset.key !== 'unread') return { key: element.dataset.key, top: box.top };
    }
    return null;
  }

  #hold(anchor) {
    if (this.#session.isFollowing) return this.#toFoot();
    const element = anchor && this.#find(anchor.key);
    if (element) this.#history.scrollTop += element.getBoundingClientRect().top - anchor.top;
    return undefined;
  }

  /** @returns whether there was a goal, and it is reached */
  #reach(rows, room) {
    if (this.#goal === null || !room.timeline.isLoaded) return false;
    const goal = this.#goal;
    const element = goal === 'unread' ? this.#find('unread')
      : Number.isInteger(goal) ? this.#list.querySelector(`[data-sequence="${goal}"]`) : null;
    if (Number.isInteger(goal) && !element) return false;
    this.#goal = null;
    this.#session.isFollowing = element === null;
    if (element === null) this.#toFoot();
    else if (goal === 'unread') this.#history.scrollTop += this.#offset(element) - 80;
    else this.#show(element);
    return true;
  }

  #show(element) {
    this.#history.scrollTop += this.#offset(element) - this.#history.clientHeight / 3;
    element.classList.add('found');
    element.focus({ preventScroll: true });
    setTimeout(() => element.classList.remove('found'), 2000);
  }

  #offset(element) {
    return element.getBoundingClientRect().top - this.#history.getBoundingClientRect().top;
  }

  #toFoot() {
    this.#history.scrollTop = this.#history.scrollHeight;
  }

  #find(key) {
    return this.#list.querySelector(`[data-key="${CSS.escape(key)}"]`);
  }

  // Scrolling

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#history;
    const { timeline } = this.#session.state.open ?? {};
    if (!timeline) return;
    this.#session.isFollowing = timeline.foundNewest && scrollHeight - scrollTop - clientHeight < foot;
    if (this.#session.isFollowing) this.#news = 0;
    this.#showNews();
    this.#fill();
  }

  /** Fetches what is near. Each page that arrives renders anew, and asks again. */
  #fill() {
    const { scrollTop, scrollHeight, clientHeight } = this.#history;
    if (clientHeight === 0) return;
    if (scrollTop < near) this.#session.older();
    if (scrollHeight - scrollTop - clientHeight < near) this.#session.newer();
  }

  #showNews() {
    const { timeline } = this.#session.state.open ?? {};
    const button = byId('to-newest');
    button.hidden = !timeline?.isLoaded || this.#session.isFollowing;
    setText(button, this.#news > 0 ? `${count(this.#news, 'new message')} ↓` : 'To the newest ↓');
  }

  // What was seen

  #sighted(entries) {
    for (const { target, isIntersecting, intersectionRatio, intersectionRect, rootBounds } of entries) {
      // Of a message that is taller than the window, no half is ever in sight.
      const isSeen = intersectionRatio >= 0.5 || intersectionRect.height >= (rootBounds?.height ?? Infinity) / 2;
      const sequence = Number(target.dataset.sequence);
      if (isIntersecting && isSeen) this.#inSight.add(sequence);
      else this.#inSight.delete(sequence);
    }
    this.#tellSeen();
  }

  #tellSeen() {
    if (document.hidden || this.#inSight.size === 0) return;
    this.#session.seen(Math.max(...this.#inSight));
    this.#inSight.clear();
  }
}
