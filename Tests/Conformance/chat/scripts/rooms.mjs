// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// Plays one scenario of the chat: rooms.mjs SCENARIO SETTING; "done" is the last line of one that held.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'

const [name, json] = process.argv.slice(2)
const setting = JSON.parse(json)
const io = createRequire(import.meta.url)(setting.bundle)

function fail (error) {
  for (const line of String(error?.stack ?? error).split('\n')) console.log(line.slice(0, 300))
  process.exit(1)
}

process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)

/** A socket that keeps what it has heard until somebody takes it. */
class Person {
  #heard = new Map()
  #waiting = new Map()

  constructor (guest) {
    this.id = guest.userId
    this.socket = io(setting.url + setting.namespace, { auth: { token: guest.token }, forceNew: true })
    this.socket.onAny((event, value) => this.#hear(event, value))
  }

  #hear (event, value) {
    const waiting = this.#waiting.get(event)?.shift()
    if (waiting) return waiting(value)
    this.#heard.set(event, [...this.#heard.get(event) ?? [], value])
  }

  /** The next event of that name. */
  async hears (event) {
    const heard = this.#heard.get(event)
    if (heard?.length) return heard.shift()
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${this.id} did not hear ${event}`)), 10_000)
      this.#waiting.set(event, [...this.#waiting.get(event) ?? [], value => { clearTimeout(timer); resolve(value) }])
    })
  }

  has (event) { return (this.#heard.get(event)?.length ?? 0) > 0 }

  async asks (event, argument) {
    const answer = await this.socket.timeout(10_000).emitWithAck(event, argument)
    assert.equal(answer.status, 'ok', JSON.stringify(answer))
    return answer
  }
}

const scenarios = {
  async meeting () {
    const { room } = setting
    const [ann, bob] = setting.people.map(guest => new Person(guest))
    await ann.asks('joinRoom', room)
    assert.deepEqual(await ann.hears('roomInfo'), { room, roomId: room, members: 1 })
    await bob.asks('joinRoom', { room })
    assert.equal((await bob.hears('roomInfo')).members, 2)
    const joined = await ann.hears('userJoined')
    assert.deepEqual([joined.userId, joined.room], [bob.id, room])
    assert.equal((await ann.hears('roomInfo')).members, 2)

    bob.socket.emit('typing', { room })
    const typing = await ann.hears('typing')
    assert.deepEqual([typing.userId, typing.userName], [bob.id, 'Bob'])
    bob.socket.emit('stopTyping', { room })
    assert.equal((await ann.hears('stopTyping')).userId, bob.id)

    bob.socket.emit('message', { room, text: 'one' })
    const sent = await bob.asks('message', { room, text: 'two', clientId: 'b-2' })
    assert.deepEqual([sent.message.id, sent.message.sequence, sent.message.clientId], [room + '-2', 2, 'b-2'])
    for (const person of [ann, bob]) {
      for (const [index, text] of ['one', 'two'].entries()) {
        const message = await person.hears('message')
        assert.deepEqual(
          [message.from, message.text, message.room, message.userName, message.sequence, message.status],
          [bob.id, text, room, 'Bob', index + 1, 'sent'])
        assert.equal(typeof message.timestamp, 'number')
      }
    }
    ann.socket.emit('markRead', { roomId: room, messageId: room + '-2', userId: ann.id })
    const receipt = await bob.hears('readReceipt')
    assert.deepEqual([receipt.userId, receipt.messageId, typeof receipt.readAt], [ann.id, room + '-2', 'number'])

    const refused = await ann.socket.timeout(10_000).emitWithAck('message', { room: 'elsewhere', text: 'x' })
    assert.deepEqual([refused.status, refused.code, typeof refused.message], ['error', 'not_found', 'string'])
    await bob.asks('leaveRoom', room)
    assert.equal((await ann.hears('userLeft')).userId, bob.id)
    assert.equal((await ann.hears('roomInfo')).members, 1)
    await ann.asks('message', { room, text: 'alone' })
    await ann.hears('message')
    await bob.asks('rooms', {})
    assert.ok(!bob.has('message') && !bob.has('typing'), 'whoever has left hears no more')
  },

  async absence () {
    const { room } = setting
    const [ann, bob] = setting.people.map(guest => new Person(guest))
    await ann.asks('joinRoom', room)
    const { revision } = await bob.asks('joinRoom', room)
    bob.socket.disconnect()
    for (let n = 1; n <= 30; n++) await ann.asks('message', { room, text: 'm' + n })
    await ann.asks('edit', { messageId: room + '-3', content: 'm3, better' })
    bob.socket.connect()
    const talking = (async () => {
      for (let n = 31; n <= 60; n++) await ann.asks('message', { room, text: 'm' + n })
    })()
    const back = await bob.asks('joinRoom', { room, since: revision })
    await talking
    const heard = new Map(back.events.map(({ event, revision, payload }) => [revision, [event, payload]]))
    while (!heard.has(revision + 61)) {
      const message = await bob.hears('message')
      heard.set(message.revision, ['message', message])
    }
    const sequences = new Set([...heard.values()].filter(([event]) => event.startsWith('message')).map(([, { sequence }]) => sequence))
    for (let n = 1; n <= 60; n++) assert.ok(sequences.has(n), 'message ' + n)
  }
}

await scenarios[name]()
console.log('done')
process.exit(0)
