// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// Rooms and volatile messages. Who does not hear a message is seen without waiting: the server answers in order.
import { bytes, check, equal, range } from './values.mjs'

export async function rooms (stage) {
  const [ann, bob, eve] = await Promise.all(range(1, 3).map(() => stage.connected()))
  for (const peer of [ann, bob, bob]) await peer.ask('join', 'räume/1')
  await eve.ask('join', 'räume/2')
  await eve.ask('say', 'räume/1', 'one', 2)
  equal(await ann.take('said'), ['one', 2], 'what ann hears')
  equal(await bob.take('said'), ['one', 2], 'what bob hears')
  await ann.ask('leave', 'räume/1')
  await ann.ask('say', 'räume/1', 'two')
  equal(await bob.take('said'), ['two'], 'what bob hears next')
  await bob.ask('say', 'räume/1', 'three')
  for (const peer of [ann, bob, eve]) await peer.ask('ask')
  equal([ann, bob, eve].map(peer => peer.firsts('said')), [['one'], ['one', 'two', 'three'], []], 'what all have heard')
}

export async function ownRoom (stage) {
  const [ann, bob] = await Promise.all(range(1, 2).map(() => stage.connected()))
  await ann.ask('say', bob.id, 'to you alone')
  equal(await bob.take('said'), ['to you alone'], 'what bob hears in the room of his id')
  await ann.ask('ask')
  equal(ann.firsts('said'), [], 'what ann hears')
}

export async function order (stage) {
  const peers = await Promise.all([
    stage.connected(), stage.connected('/', { transports: ['websocket'] }),
    stage.connected('/', { transports: ['polling'] })
  ])
  const given = n => n % 10 ? n : { n, data: [bytes(n)] }
  for (const peer of peers) await peer.ask('join', 'order')
  for (const n of range(1, 300)) peers[0].emit('say', 'order', given(n))
  for (const peer of peers) {
    await peer.count('said', 300)
    equal(peer.firsts('said'), range(1, 300).map(given), 'what a member hears over ' + peer.transport)
  }
}

export async function volatile (stage) {
  const ann = await stage.connected('/', { transports: ['websocket'] })
  const bob = await stage.connected('/', { transports: ['websocket'] })
  await ann.ask('join', 'volatile')
  bob.emit('say-volatile', 'volatile', 'now', bytes(5))
  equal(await ann.take('said'), ['now', bytes(5)], 'what one hears who is there')
}

/** What a client emits while it is away is kept, but for what is volatile. */
export async function volatileAway (stage) {
  const peer = await stage.connected('/', { transports: ['websocket'] })
  const tried = stage.tried(peer, 'reconnect_error')
  await stage.command('down')
  await tried
  peer.emit('message', 'kept')
  peer.socket.volatile.emit('message', 'dropped')
  peer.emit('message', 'kept too')
  await stage.command('up')
  await peer.turn('connect', 2)
  await peer.ask('ask')
  equal(peer.firsts('message-back'), ['kept', 'kept too'], 'what came back')
}

/** Without recovery one that comes back is a newcomer: another id, and in no room but its own. */
export async function newcomer (stage, how) {
  const peer = await stage.connected()
  const neighbour = await stage.connected('/', { direct: true })
  const [id, room] = [peer.id, 'newcomer ' + peer.id]
  await peer.ask('join', room)
  await stage.lose(peer, how)
  check(!peer.socket.recovered && peer.id !== id, 'it is another one')
  await neighbour.ask('say', room, 'is anybody there?')
  await neighbour.ask('say', peer.id, 'welcome')
  equal(await peer.take('said'), ['welcome'], 'what it hears')
}
