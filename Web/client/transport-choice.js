// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { Backoff } from './backoff.js';
import { HTTPTransport } from './http-transport.js';
import { WebSocketTransport } from './websocket-transport.js';

const longestUpgradeDelay = 600_000;

/**
 * Which transport is used: the best that works. The present one is replaced by the next after failures in a row; a
 * better one is tried beside it now and then, and takes over once it is ready. After the last comes the first again.
 */
export class TransportChoice {
  current = null;
  isReady = false;
  #owner;
  #names;
  #candidate = null;
  #failures = 0;
  #worked = new Set();
  #upgrades;
  #rounds;
  #candidateTimer = null;
  #openTimer = null;
  #upgradeTimer = null;
  #provenTimer = null;

  constructor(owner, names) {
    this.#owner = owner;
    this.#names = names;
    const { random } = owner.clock;
    const { upgradeDelay, baseDelay, maxDelay } = owner.options;
    this.#upgrades = new Backoff({ baseDelay: upgradeDelay, maxDelay: longestUpgradeDelay, random });
    this.#rounds = new Backoff({ baseDelay, maxDelay, random });
  }

  /** Begins again with the first of `names`. */
  restart(names = this.#names) {
    this.#names = names;
    this.stop();
    this.#upgrades.reset();
    this.#rounds.reset();
    this.#begin(names[0]);
  }

  stop() {
    const timers = [this.#openTimer, this.#upgradeTimer, this.#provenTimer, this.#candidateTimer];
    for (const timer of timers) this.#cancel(timer);
    this.#openTimer = null;
    this.#candidateTimer = null;
    this.#upgradeTimer = null;
    this.#provenTimer = null;
    const transports = [this.#candidate, this.current];
    this.#candidate = null;
    this.current = null;
    this.isReady = false;
    this.#failures = 0;
    for (const transport of transports) transport?.stop();
  }

  changed() {
    this.current?.changed();
    if (this.#candidate !== this.current) this.#candidate?.changed();
  }

  /** The network came back: a better transport may work now. */
  tryBetter() {
    this.#upgrades.reset();
    if (this.isReady && !this.#candidate) this.#planUpgrade(this.#owner.options.baseDelay);
  }

  /** @returns whether `transport` is the one that counts now. */
  ready(transport) {
    if (transport === this.#candidate) this.#takeOver(transport);
    if (transport !== this.current) return false;
    const wasReady = this.isReady;
    this.isReady = true;
    this.#cancel(this.#openTimer);
    this.#openTimer = null;
    if (!wasReady) {
      this.#worked.add(transport.name);
      this.#planProof(transport.name);
      this.#planUpgrade();
    }
    transport.carry();
    return true;
  }

  /** @returns whether `transport` was the one that counted. */
  failed(transport, isFinal) {
    if (transport === this.#candidate) {
      this.#candidate = null;
      this.#cancel(this.#candidateTimer);
      this.#candidateTimer = null;
      transport.stop();
      this.#planUpgrade();
      return false;
    }
    if (transport !== this.current) return false;
    this.isReady = false;
    this.#cancel(this.#provenTimer);
    this.#provenTimer = null;
    this.#failures += 1;
    if (isFinal || this.#failures >= this.#owner.options.maxFailures) this.#fallBack(isFinal);
    else this.#planOpen();
    return true;
  }

  #begin(name) {
    const transport = this.#make(name);
    this.current = transport;
    this.isReady = false;
    this.#planOpen();
    this.#start(transport);
  }

  #make(name) {
    return name === 'websocket' ? new WebSocketTransport(this.#owner) : new HTTPTransport(this.#owner, name);
  }

  #start(transport) {
    try {
      transport.start();
    } catch (error) {
      this.#owner.failed(transport, error, true);
    }
  }

  #fallBack(isFinal) {
    const index = this.#names.indexOf(this.current.name);
    const next = this.#names[(index + 1) % this.#names.length];
    if (next === this.current.name && !isFinal) return this.#planOpen();
    const isAround = index + 1 >= this.#names.length;
    this.stop();
    if (!isAround) return this.#begin(next);
    // All have failed: the server is away rather than one way to it.
    this.#openTimer = this.#owner.clock.setTimeout(() => this.#begin(next), this.#rounds.next());
    return undefined;
  }

  #planOpen() {
    this.#cancel(this.#openTimer);
    this.#openTimer = null;
    if (this.#names.length < 2) return;
    const { clock, options } = this.#owner;
    this.#openTimer = clock.setTimeout(() => this.#owner.late(this.current), options.openTimeout);
  }

  #planProof(name) {
    const { openTimeout, wait } = this.#owner.options;
    // A long poll has shown that it works when a whole wait has passed.
    const time = name === 'longpoll' ? (wait + 5) * 1000 : 2 * openTimeout;
    this.#provenTimer = this.#owner.clock.setTimeout(() => {
      this.#provenTimer = null;
      this.#failures = 0;
      this.#rounds.reset();
      if (name === this.#names[0]) this.#upgrades.reset();
    }, time);
  }

  #planUpgrade(soon) {
    this.#cancel(this.#upgradeTimer);
    this.#upgradeTimer = null;
    const better = this.#names.slice(0, Math.max(0, this.#names.indexOf(this.current?.name)));
    if (better.length === 0 || !this.isReady) return;
    // What worked before was taken away by an outage, not by the network's rules.
    const wasCut = this.#upgrades.attempts === 0 && better.some((name) => this.#worked.has(name));
    const delay = wasCut ? Math.min(this.#owner.options.baseDelay, this.#upgrades.next()) : this.#upgrades.next();
    this.#upgradeTimer = this.#owner.clock.setTimeout(() => this.#upgrade(better), soon ?? delay);
  }

  /** Tries the better ones in turn, first those that worked before. */
  #upgrade(better) {
    this.#upgradeTimer = null;
    if (!this.isReady || this.#candidate) return;
    const hasWorked = (name) => Number(this.#worked.has(name));
    const inTurn = [...better].sort((left, right) => hasWorked(right) - hasWorked(left));
    const candidate = this.#make(inTurn[Math.max(0, this.#upgrades.attempts - 1) % inTurn.length]);
    this.#candidate = candidate;
    const { clock, options } = this.#owner;
    this.#candidateTimer = clock.setTimeout(() => this.failed(candidate, false), options.openTimeout);
    this.#start(candidate);
  }

  #takeOver(transport) {
    const before = this.current;
    this.#cancel(this.#provenTimer);
    this.#provenTimer = null;
    this.#cancel(this.#candidateTimer);
    this.#candidateTimer = null;
    this.#candidate = null;
    this.current = transport;
    this.isReady = false;
    this.#failures = 0;
    before?.stop();
  }

  #cancel(timer) {
    if (timer !== null) this.#owner.clock.clearTimeout(timer);
  }
}
