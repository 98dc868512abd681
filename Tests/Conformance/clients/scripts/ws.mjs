// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// Node's `ws`: subscribe, publish, come back with the last position, close. Arguments: the address and a topic.
import assert from 'node:assert/strict'
import { once } from 'node:events'

const [url, topic] = process.argv.slice(2)

class Connection {
  static async open () {
    const connection = new Connection(new (debian('ws'))(url, 'hibiki.json'))
    connection.welcome = await connection.next('welcome')
    return connection
  }

  constructor (socket) {
    this.socket = socket
    this.messages = []
    this.waiting = []
    socket.on('message', (data, isBinary) => {
      assert.equal(isBinary, false)
      const message = JSON.parse(data)
      const waiter = this.waiting.shift()
      if (waiter) waiter(message)
      else this.messages.push(message)
    })
    socket.on('error', error => { throw error })
  }

  send (message) {
    this.socket.send(JSON.stringify(message))
  }

  async next (type) {
    const message = this.messages.shift() ?? await new Promise(resolve => this.waiting.push(resolve))
    assert.equal(message.type, type, JSON.stringify(message))
    return message
  }

  async close () {
    this.socket.close(1000, 'done')
    return (await once(this.socket, 'close'))[0]
  }
}

const one = await Connection.open()
assert.equal(one.socket.protocol, 'hibiki.json')
assert.match(one.socket.extensions, /^permessage-deflate/)
one.send({ type: 'subscribe', topic, id: 1 })
await one.next('reply')
one.send({ type: 'publish', topic, payload: { n: 1 } })
const first = await one.next('event')
assert.deepEqual([first.payload, first.from, first.event], [{ n: 1 }, one.welcome.clientId, 'message'])
assert.equal(await one.close(), 1000)

const two = await Connection.open()
for (const n of [2, 3]) {
  two.send({ type: 'publish', topic, payload: { n }, id: `n${n}` })
  await two.next('reply')
}
two.send({ type: 'subscribe', topic, since: first.position, id: 2 })
const reply = await two.next('reply')
const missed = [await two.next('event'), await two.next('event')]
assert.deepEqual(missed.map(event => event.payload.n), [2, 3])
assert.equal(missed[1].position, reply.position)
two.socket.ping('are you there')
assert.equal(String((await once(two.socket, 'pong'))[0]), 'are you there')
assert.equal(await two.close(), 1000)
