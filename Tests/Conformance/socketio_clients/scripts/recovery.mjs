// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// Connection state recovery: the server puts one argument more, the offset, behind those of each event.
import { bytes, check, equal, range, until } from './values.mjs'

/** That it came back as the one that it was, and still is in its rooms. */
async function sameAsBefore (peer, id, neighbour, room) {
  check(peer.socket.recovered, 'it says recovered; ' + peer)
  equal(peer.id, id, 'its id')
  const afters = () => peer.firsts('said').filter(said => said === 'after').length
  const before = afters()
  await neighbour.ask('say', room, 'after')
  await until(() => afters() > before, () => `it is still in its room; ${peer}`)
}

/** Loses the connection as the argument says while the server goes on sending. */
export async function lost (stage, how) {
  const peer = await stage.connected()
  const neighbour = await stage.connected('/', { direct: true })
  const [id, room] = [peer.id, 'lost ' + peer.id]
  await peer.ask('join', room)
  if (!stage.options?.transports) await peer.upgraded()
  peer.emit('tick', 60, 10)
  await peer.count('tock', 5)
  const away = stage.lose(peer, how)
  await peer.turn('disconnect')
  for (const n of range(1, 20)) neighbour.emit('say', room, n % 5 ? n : { n, data: [bytes(n)] })
  const reason = await away
  await sameAsBefore(peer, id, neighbour, room)
  await peer.count('tock', 60)
  equal(peer.firsts('tock'), range(1, 60), 'what it heard of the server')
  equal(peer.firsts('said'), [...range(1, 20).map(n => n % 5 ? n : { n, data: [bytes(n)] }), 'after'],
    'what it heard in its room')
  equal(await peer.ask('ask', 'and on'), ['and on'], 'an ack')
  if (how === 'black hole') equal(reason, 'ping timeout', 'the reason')
}

/** The same over and over, with nothing or little between. */
export async function again (stage) {
  const peer = await stage.connected()
  const neighbour = await stage.connected('/', { direct: true })
  const [id, room] = [peer.id, 'again ' + peer.id]
  await peer.ask('join', room)
  peer.emit('tick-room', 200, 10)
  await peer.count('tock', 1)
  for (const how of ['rst', 'fin', 'rst', 'outage', 'rst']) {
    await stage.lose(peer, how)
    await sameAsBefore(peer, id, neighbour, room)
  }
  await peer.count('tock', 200)
  equal(peer.firsts('tock'), range(1, 200), 'what it heard')
  equal(peer.firsts('said'), Array(5).fill('after'), 'what it heard in its room')
}

/** What a client emits while it is away arrives once, in order, when it is back. */
export async function upwards (stage) {
  const peer = await stage.connected()
  const neighbour = await stage.connected('/', { direct: true })
  const room = 'upwards ' + peer.id
  await neighbour.ask('join', room)
  const away = stage.lose(peer, 'outage')
  await peer.turn('disconnect')
  for (const n of range(1, 50)) peer.emit('say', room, n)
  await away
  check(peer.socket.recovered, 'it says recovered')
  await neighbour.count('said', 50)
  await peer.ask('ask')
  await neighbour.ask('ask')
  equal(neighbour.firsts('said'), range(1, 50), 'what its neighbour heard')
}

/** A volatile message is not kept for those who are away, and its last argument is not taken for an offset. */
export async function volatile (stage) {
  const peer = await stage.connected('/', { transports: ['websocket'] })
  const neighbour = await stage.connected('/', { direct: true })
  const [id, room] = [peer.id, 'volatile ' + peer.id]
  await peer.ask('join', room)
  neighbour.emit('say-volatile', room, 'a text that is no offset')
  await peer.count('said', 1)
  const away = stage.lose(peer, 'outage')
  await peer.turn('disconnect')
  await neighbour.ask('say-volatile', room, 'not for those who are away')
  await neighbour.ask('say', room, 'kept')
  await away
  await sameAsBefore(peer, id, neighbour, room)
  equal(peer.firsts('said'), ['a text that is no offset', 'kept', 'after'], 'what it heard')
}

/** One that has heard nothing yet, and has no offset, comes back as well. */
export async function silent (stage) {
  const peer = await stage.connected('/admin', { auth: { token: 'ok' } })
  const id = peer.id
  await stage.lose(peer, 'rst')
  equal([peer.socket.recovered, peer.id, peer.heard], [true, id, []], 'recovered, id, and what it heard')
}

export async function namespaces (stage) {
  const main = await stage.connected()
  const custom = await stage.connected('/custom', { beside: main })
  const ids = [main.id, custom.id]
  await stage.lose(main, 'rst')
  await custom.turn('connect', 2)
  equal([main.id, custom.id], ids, 'the ids')
  equal([main.socket.recovered, custom.socket.recovered], [true, true], 'recovered')
}

/** Who said goodbye, or was sent away, begins anew. */
export async function goodbye (stage) {
  const peer = await stage.connected()
  for (const part of [() => peer.socket.disconnect(), () => peer.emit('disconnect-me', false)]) {
    const [id, lives] = [peer.id, peer.turns('connect')]
    part()
    await peer.turn('disconnect', lives)
    peer.socket.connect()
    await peer.turn('connect', lives + 1)
    check(!peer.socket.recovered && peer.id !== id, 'it is another one')
  }
}
