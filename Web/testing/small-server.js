// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import { decodeFrame, encodeFrame } from '../client/index.js';

/** The protocol over node:http and an in-memory WebSocket class, small enough to be plainly right. */
export class SmallServer {
  epoch = 'e1';
  requests = [];
  /** Gives a status and headers to refuse a request with, or null. */
  refuse = () => null;
  refuseSockets = false;
  /** Answers what is no request for events, and says by true that it has: `(request, response, url)`. */
  others = () => false;
  speaksProtobuf = true;
  /** Those that are accepted, or null if none is asked for. */
  tokens = null;
  sockets = new Set();
  #topics = new Map();
  #ids = new Map();
  #news = new EventEmitter().setMaxListeners(0);
  #http = createServer((request, response) => {
    // A connection that is cut in the middle of a body is what the tests are for.
    this.#handle(request, response).catch(() => request.destroy());
  });
  #clients = 0;

  async start() {
    await new Promise((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.#http.address().port}`;
    this.WebSocket = makeSocketClass(this);
    return this;
  }

  async stop() {
    this.cut();
    const closed = new Promise((resolve) => this.#http.close(resolve));
    this.#http.closeAllConnections();
    await closed;
  }

  /** Ends every connection at once, in the middle of whatever it carries. */
  cut() {
    this.#http.closeAllConnections();
    for (const socket of [...this.sockets]) socket.lose(1006);
  }

  /** Forgets everything, like a restart. */
  lose(epoch) {
    this.epoch = epoch;
    this.#topics.clear();
    this.#ids.clear();
    this.cut();
  }

  /** Tells those who listen over streams and sockets that their tokens run out. */
  tellExpiry(timeLeft) {
    this.#news.emit('expiry', timeLeft);
    for (const socket of this.sockets) socket.say({ type: 'token:expiring', timeLeft });
  }

  /** Ends everybody, as somebody may who runs the server. */
  disconnect(reason) {
    this.#news.emit('disconnect', reason);
    for (const socket of [...this.sockets]) socket.lose(4502, reason);
  }

  /** Takes everybody out of a topic. */
  takeOut(topic) {
    this.#news.emit('unsubscribed', topic);
    for (const socket of this.sockets) socket.takeOut(topic);
  }

  admits(token) {
    return this.tokens === null || this.tokens.has(token);
  }

  publish({ topic, event = 'message', payload, id }, from = null) {
    const key = `${topic}\n${id}`;
    if (id !== undefined && this.#ids.has(key)) return { position: this.#ids.get(key), duplicate: true };
    const log = this.#log(topic);
    const position = `${this.epoch}-${log.length + 1}`;
    log.push({ topic, position, event, payload, from, timestamp: 1 });
    if (id !== undefined) this.#ids.set(key, position);
    this.#news.emit('news');
    for (const socket of this.sockets) socket.deliver(topic);
    return { position };
  }

  newest(topic) {
    return `${this.epoch}-${this.#log(topic).length}`;
  }

  events(topic) {
    return this.#log(topic);
  }

  /** The events after `since`, or null if it is gone. */
  after(topic, since) {
    const log = this.#log(topic);
    if (since === 'earliest') return [...log];
    if (since === 'latest') return [];
    const match = /^(\w+)-(\d+)$/.exec(since);
    if (!match || match[1] !== this.epoch || Number(match[2]) > log.length) return null;
    return log.slice(Number(match[2]));
  }

  nextClient() {
    this.#clients += 1;
    return `client${this.#clients}`;
  }

  #log(topic) {
    if (!this.#topics.has(topic)) this.#topics.set(topic, []);
    return this.#topics.get(topic);
  }

  async #handle(request, response) {
    const url = new URL(request.url, 'http://host');
    if (await this.others(request, response, url)) return;
    const kind = request.method === 'POST' ? 'post'
      : request.headers.accept === 'text/event-stream' ? 'sse' : url.searchParams.has('wait') ? 'longpoll' : 'poll';
    this.requests.push({ kind, url, request });
    const refusal = this.#isAdmitted(request, url) ? this.refuse(kind, url) : unknownToken;
    if (refusal) {
      const body = refusal.body ? JSON.stringify({ error: refusal.body }) : '';
      response.writeHead(refusal.status, refusal.headers).end(body);
    } else if (kind === 'post') await this.#posted(request, response);
    else this.#read(kind, url, request, response);
  }

  #isAdmitted(request, url) {
    const [, bearer] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    return this.admits(bearer ?? url.searchParams.get('access_token'));
  }

  async #posted(request, response) {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = JSON.parse(text);
    const answer = Array.isArray(body) ? body.map((one) => this.publish(one)) : this.publish(body);
    json(response, answer);
  }

  #read(kind, url, request, response) {
    const topics = url.searchParams.getAll('topic');
    const asked = request.headers['last-event-id'] ?? url.searchParams.get('since');
    const since = asked ?? (kind === 'poll' ? 'earliest' : 'latest');
    const positions = readSince(since, topics);
    for (const [topic, position] of positions) if (position === 'latest') positions.set(topic, this.newest(topic));
    if (kind === 'sse') return this.#stream(positions, response);
    const answer = this.#answer(positions);
    const wait = Number(url.searchParams.get('wait') ?? 0);
    if (wait === 0 || answer.events.length > 0 || answer.gap) return json(response, answer);
    const told = () => { finish(); json(response, this.#answer(positions)); };
    const isMine = () => this.#answer(positions).events.length > 0 && told();
    const timer = setTimeout(() => {
      finish();
      response.writeHead(204, { 'Last-Event-ID': vector(positions) }).end();
    }, wait * 1000);
    const finish = () => { clearTimeout(timer); this.#news.off('news', isMine); };
    this.#news.on('news', isMine);
    response.on('close', finish);
    return undefined;
  }

  #answer(positions) {
    const events = [];
    const next = new Map();
    let gap = false;
    for (const [topic, since] of positions) {
      const found = this.after(topic, since);
      if (found === null) gap = true;
      else events.push(...found);
      next.set(topic, this.newest(topic));
    }
    return gap ? { events: [], lastEventId: vector(next), gap } : { events, lastEventId: vector(next) };
  }

  #stream(positions, response) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const lost = [...positions].filter(([topic, since]) => this.after(topic, since) === null).map(([topic]) => topic);
    for (const topic of lost) positions.set(topic, this.newest(topic));
    const write = (name, data) => {
      response.write(`id: ${vector(positions)}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    };
    write('connected', { clientId: this.nextClient() });
    if (lost.length > 0) write('gap', { topics: lost });
    const flow = () => {
      for (const topic of positions.keys()) {
        for (const event of this.after(topic, positions.get(topic)) ?? []) {
          positions.set(topic, event.position);
          write('event', event);
        }
      }
    };
    flow();
    const told = {
      news: flow,
      expiry: (timeLeft) => write('token:expiring', { timeLeft }),
      disconnect: (message) => write('server:disconnect', { code: 4502, message, retry: false }),
      unsubscribed: (topic) => {
        positions.delete(topic);
        write('unsubscribed', { topic });
      },
    };
    for (const [name, listener] of Object.entries(told)) this.#news.on(name, listener);
    response.on('close', () => {
      for (const [name, listener] of Object.entries(told)) this.#news.off(name, listener);
    });
  }
}

const unknownToken = { status: 401, body: { code: 'token_expired', message: 'no', retry: false } };

function json(response, body) {
  const lastEventId = body.lastEventId ? { 'Last-Event-ID': body.lastEventId } : {};
  response.writeHead(200, { 'content-type': 'application/json', ...lastEventId }).end(JSON.stringify(body));
}

/** Several topics make a string that a client cannot read. */
function vector(positions) {
  if (positions.size === 1) return [...positions.values()][0];
  return `v.${Buffer.from(JSON.stringify([...positions])).toString('base64url')}`;
}

function readSince(since, topics) {
  if (topics.length === 1) return new Map([[topics[0], since]]);
  if (since.startsWith('v.')) {
    const known = new Map(JSON.parse(Buffer.from(since.slice(2), 'base64url').toString()));
    return new Map(topics.map((topic) => [topic, known.get(topic) ?? 'latest']));
  }
  if (!since.includes('=')) return new Map(topics.map((topic) => [topic, since]));
  const pairs = new Map(since.split(',').map((pair) => pair.split('=').map(decodeURIComponent)));
  return new Map(topics.map((topic) => [topic, pairs.get(topic) ?? 'latest']));
}

function makeSocketClass(server) {
  return class SmallSocket {
    readyState = 0;
    #listening = new Map();
    #id = server.nextClient();
    #isKnown = server.admits(null);
    shown = [];
    protocol = 'hibiki.json';

    constructor(url, protocols) {
      if (server.speaksProtobuf && protocols.includes('hibiki.protobuf')) this.protocol = 'hibiki.protobuf';
      setImmediate(() => {
        if (this.readyState !== 0) return undefined;
        if (server.refuseSockets) return this.lose(1006);
        this.readyState = 1;
        server.sockets.add(this);
        this.onopen({});
        return this.#say({ type: 'welcome', clientId: this.#id, timestamp: 1 });
      });
    }

    send(data) {
      const message = this.#isBinary ? decodeFrame(data) : JSON.parse(data);
      setImmediate(() => this.readyState === 1 && this.#asked(message));
    }

    close() {
      this.readyState = 3;
      server.sockets.delete(this);
    }

    lose(code, reason = '') {
      this.close();
      this.onclose({ code, reason, wasClean: code !== 1006 });
    }

    deliver(topic) {
      if (!this.#listening.has(topic)) return;
      for (const event of server.after(topic, this.#listening.get(topic)) ?? []) {
        this.#listening.set(topic, event.position);
        this.#say({ type: 'event', ...event });
      }
    }

    takeOut(topic) {
      if (this.#listening.delete(topic)) this.#say({ type: 'unsubscribed', topic });
    }

    say(message) {
      this.#say(message);
    }

    get #isBinary() {
      return this.protocol === 'hibiki.protobuf';
    }

    #say(message) {
      // A copy of its own memory, as an ArrayBuffer from the network is.
      const data = this.#isBinary ? encodeFrame(message).slice().buffer : JSON.stringify(message);
      setImmediate(() => this.readyState === 1 && this.onmessage({ data }));
    }

    #asked({ type, id, topic, since = 'latest', ...rest }) {
      const reply = (fields) => this.#say({ type: 'reply', id, ...fields });
      if (type === 'connect') {
        this.shown.push(rest.token);
        this.#isKnown = server.admits(rest.token);
      }
      if (!this.#isKnown) return this.#say({ type: 'error', id, ...unknownToken.body });
      switch (type) {
        case 'subscribe': {
          const gap = server.after(topic, since) === null;
          const from = gap || since === 'latest' ? server.newest(topic) : since;
          this.#listening.set(topic, from);
          reply({ topic, position: server.newest(topic), ...(gap ? { gap } : {}) });
          return this.deliver(topic);
        }
        case 'unsubscribe': return this.#listening.delete(topic);
        case 'publish': return reply(server.publish({ topic, id, ...rest }, this.#id));
        case 'history': return reply({ events: server.after(topic, since), position: server.newest(topic) });
        case 'presence': return this.#say({ type: 'presence', id, topic, count: 1, clients: [this.#id] });
        case 'chat': return reply({ result: { command: rest.command, of: rest.payload } });
        case 'ping': return this.#say({ type: 'pong', timestamp: 1 });
        default: return reply({});
      }
    }
  };
}
