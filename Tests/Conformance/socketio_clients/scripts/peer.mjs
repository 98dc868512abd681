// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// One socket of socket.io-client, which writes down all that happens to it; and the stage that a scenario plays on.
import { describe, until } from './values.mjs'

const QUICK = { reconnectionDelay: 100, reconnectionDelayMax: 100, randomizationFactor: 0 }
// The direct address is another origin for a page, and only WebSockets go there without leave.
const DIRECT = { transports: ['websocket'] }
const LIFE = ['connect', 'connect_error', 'disconnect']

export class Peer {
  constructor (socket) {
    this.socket = socket
    this.heard = []              // [name, ...arguments] of each event
    this.life = []               // [name, reason, description] of each turn in its life
    this.taken = 0
    socket.onAny((...event) => this.heard.push(event))
    for (const name of LIFE) socket.on(name, (...about) => this.life.push([name, ...about]))
  }

  get id () { return this.socket.id }
  get engine () { return this.socket.io.engine }
  get transport () { return this.engine.transport.name }

  // Talking

  emit (...event) { this.socket.emit(...event) }

  /** Emits with an ack and gives its arguments as an array: emitWithAck came with 4.6, and gives the first one only. */
  ask (...event) {
    return this.within('ack of ' + event[0], resolve => this.socket.emit(...event, (...answer) => resolve(answer)))
  }

  within (what, begin, seconds = 15) {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no ${what} within ${seconds} s; ${this}`)), seconds * 1000)
      begin(value => { clearTimeout(late); resolve(value) })
    })
  }

  // Listening

  /** The arguments of the next event of this name that was not taken yet; those before it are passed over. */
  async take (name) {
    const found = () => this.heard.findIndex((event, index) => index >= this.taken && event[0] === name)
    await until(() => found() >= 0, () => `there is a further ${name}; ${this}`)
    this.taken = found() + 1
    return this.heard[this.taken - 1].slice(1)
  }

  /** The first argument of each event of this name, in order. */
  firsts (name) {
    return this.heard.filter(event => event[0] === name).map(event => event[1])
  }

  /** Waits for so many events of this name. */
  async count (name, count, seconds) {
    const heard = () => this.firsts(name).length
    await until(() => heard() >= count, () => `${count} of ${name} arrive; ${heard()} did`, seconds)
  }

  /** Waits for the n-th turn of this kind and gives what was said with it. */
  async turn (name, n = 1) {
    const turns = () => this.life.filter(turn => turn[0] === name)
    await until(() => turns().length >= n, () => `there is ${name} number ${n}; ${this}`)
    return turns()[n - 1].slice(1)
  }

  turns (name) {
    return this.life.filter(turn => turn[0] === name).length
  }

  async upgraded () {
    await until(() => this.socket.connected && this.transport === 'websocket', () => `it is upgraded; ${this}`)
  }

  toString () {
    const last = this.life.slice(-8).map(([name, about]) => [name, about?.message ?? about ?? ''].join(' ').trim())
    const life = `${this.life.length} turns, the last: ${last.join(', ')}`
    const heard = describe(this.heard.slice(-5)).slice(0, 400)
    return `its life: ${life}; heard ${this.heard.length}, the last: ${heard}`
  }
}

export class Stage {
  /**
   * io: that of socket.io-client. direct, linked: addresses of the server, straight and over the network that breaks.
   * command: does to that network what it is told (cut, fin, down, up, freeze, thaw). options: for every connection.
   */
  constructor ({ io, direct, linked, command, options }) {
    Object.assign(this, { io, direct, linked, command, options })
    this.sockets = []
  }

  /** A peer over a connection of its own, unless the socket of another one is named in `beside`. */
  peer (namespace = '/', { direct = false, beside, ...options } = {}) {
    const given = { ...QUICK, ...this.options, ...(direct ? DIRECT : {}), ...options }
    const socket = beside
      ? beside.socket.io.socket(namespace, given)
      : this.io((direct ? this.direct : this.linked) + namespace, { forceNew: true, ...given })
    this.sockets.push(socket)
    return new Peer(socket)
  }

  /** A peer that is connected. */
  async connected (namespace, options) {
    const peer = this.peer(namespace, options)
    await peer.turn('connect')
    return peer
  }

  /** What to do to lose a connection, by its name, and what to do to have the network back. */
  async lose (peer, how) {
    const before = { lost: peer.turns('disconnect'), back: peer.turns('connect') }
    const tried = this.tried(peer, how === 'outage' ? 'reconnect_error' : 'reconnect_attempt')
    const lost = peer.turn('disconnect', before.lost + 1)
    await this.breakDown(how, () => peer.turns('disconnect') > before.lost)
    const [reason] = await lost
    await tried
    if (how === 'outage') await this.command('up')
    if (how === 'black hole') await this.command('thaw')
    await peer.turn('connect', before.back + 1)
    return reason
  }

  /** Breaks the network. A cut may fall between two polls, and is tried again until the loss is noticed. */
  async breakDown (how, noticed) {
    do {
      await this.command({ rst: 'cut', fin: 'fin', outage: 'down', 'black hole': 'freeze' }[how])
      if (how === 'outage' || how === 'black hole') return
      for (let wait = 0; wait < 150 && !noticed(); wait++) await new Promise(resolve => setTimeout(resolve, 2))
    } while (!noticed())
  }

  /** Resolves with the first event of this name in the peer's attempts to come back. */
  tried (peer, name) {
    return peer.within(name, resolve => peer.socket.io.once(name, resolve))
  }

  close () {
    for (const socket of this.sockets) socket.disconnect()
  }
}

/** Plays a scenario with a stage of its own. */
export async function play (scenario, setting) {
  const stage = new Stage(setting)
  try {
    return await scenario(stage, setting.argument)
  } finally {
    stage.close()
  }
}
