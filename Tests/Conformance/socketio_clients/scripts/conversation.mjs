// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// A conversation through many cuts at random moments. A number goes up for each that comes down, while not too many wait
// for their acks: the client sends one after the other. The server sends one each 5 ms, heard or not. Upwards a number may
// be said twice, when its ack was lost: a neighbour drops what it knows.
import { check, equal, range, until } from './values.mjs'

const UNENDING = 100_000
const WAITING = 100

/** Numbers in [0, 1), the same for the same seed. */
function generator (seed) {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

class Conversation {
  constructor (stage, peer, neighbour) {
    Object.assign(this, { stage, peer, neighbour, room: 'conversation ' + peer.id, id: peer.id })
    this.said = this.acked = this.strangers = 0
    peer.socket.on('connect', () => { this.strangers += peer.socket.recovered && peer.id === this.id ? 0 : 1 })
    peer.socket.on('tock', () => this.said - this.acked < WAITING && this.say())
  }

  get heard () { return this.peer.firsts('tock').length }

  say () {
    this.peer.emit('say', this.room, ++this.said, error => { this.acked += error ? 0 : 1 })
  }

  async begin () {
    await this.neighbour.ask('join', this.room)
    await this.peer.ask('tick', UNENDING, 5)
    await this.hear(1)
  }

  /** Waits for so many numbers more. */
  async hear (count) {
    const goal = this.heard + count
    await until(() => this.heard >= goal, () => `${count} more are heard; ${this.peer}`, 20)
  }

  /** Cuts whatever is open at this moment, and as soon as something is. */
  async cut (command) {
    const end = performance.now() + 20_000
    while (!await this.stage.command(command)) check(performance.now() < end, 'it comes back to be cut; ' + this.peer)
  }

  /** All that was sent has arrived, in order, once. */
  async end (cuts) {
    await this.hear(50)
    this.peer.socket.off('tock')
    await until(() => this.acked === this.said, () => `all are acknowledged; ${this.acked} of ${this.said} were`)
    equal(this.peer.firsts('tock'), range(1, this.heard), 'what came down')
    const up = this.neighbour.firsts('said')
    equal([...new Set(up)], range(1, this.said), 'what went up')
    // A cut makes the client send one again, and Chromium itself a POST that broke on a connection in use before.
    check(up.length - this.said <= 2 * cuts, `no more was said twice than cuts explain: ${up.length} of ${this.said}`)
    equal(this.strangers, 0, 'the number of times that it came back as another one')
  }
}

export async function conversation (stage, { cuts, seed }) {
  const random = generator(seed)
  const peer = await stage.connected('/', {
    retries: UNENDING, ackTimeout: 5000, reconnectionDelay: 10, reconnectionDelayMax: 30, randomizationFactor: 0.5,
    timeout: 1000      // Chromium 156 may hold back a WebSocket for ever when the one before broke in its handshake
  })
  const neighbour = await stage.connected('/', { direct: true })
  const talk = new Conversation(stage, peer, neighbour)
  await talk.begin()
  for (let cut = 0; cut < cuts; cut++) {
    if (random() < 0.5) await talk.hear(1 + Math.floor(random() * 12))
    else await new Promise(resolve => setTimeout(resolve, random() * 40))
    await talk.cut(random() < 0.7 ? 'cut' : 'fin')
  }
  await talk.end(cuts)
}
