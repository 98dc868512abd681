// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// Transports, acks, arguments and binary on the namespace /.
import { bytes, check, equal, range } from './values.mjs'

const VALUES = [
  null, true, false, '', 'plain', 'ü € 😀 響き', 'line\nbreak "quoted" back\\slash \u0000 \u2028',
  0, -1, 1.5, 1e300, -2.5e-7, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER,
  [], {}, [[]], [null], { '': { '': [] } }, { z: 1, a: 2, 1: 3 }, { _placeholder: false },
  range(1, 30).reduce(inner => ({ inner: [inner] }), 'deep')
]
const BINARY = [
  [bytes(1)],
  [bytes(0)],
  [bytes(300).buffer, 'beside text', bytes(5)],
  [{ left: bytes(3), right: [{ deep: [[bytes(4)], { deeper: { still: bytes(70000) } }] }], text: 'ü' }, null],
  [range(0, 9).map(n => ({ n, data: bytes(n, n) }))]
]

export async function upgrades (stage) {
  const peer = stage.peer('/', { auth: { token: 'kept', nested: { list: [1, null] } } })
  equal(peer.transport ?? 'polling', 'polling', 'the transport it begins with')
  await peer.turn('connect')
  for (const n of range(1, 200)) peer.emit('message', n)
  await peer.upgraded()
  for (const n of range(201, 400)) peer.emit('message', n)
  await peer.count('message-back', 400)
  equal(peer.firsts('message-back'), range(1, 400), 'what came back around the upgrade')
  equal(peer.firsts('auth'), [{ token: 'kept', nested: { list: [1, null] } }], 'the auth that the server saw')
  equal(peer.life.length, 1, 'the number of turns in its life')
}

/** Over one transport alone; the argument is its name. */
export async function alone (stage, transport) {
  const peer = await stage.connected('/', { transports: [transport] })
  await talk(peer)
  equal(peer.transport, transport, 'its transport')
  equal(peer.life.length, 1, 'the number of turns in its life')
}

/** A word each way of each kind. */
export async function talk (peer) {
  equal(await peer.take('auth'), [{}], 'auth')
  equal(await peer.ask('ask', 'ü', [1]), ['ü', [1]], 'the ack')
  peer.emit('message', 'there', { and: 'back' })
  equal(await peer.take('message-back'), ['there', { and: 'back' }], 'message-back')
  equal(await peer.ask('message-with-ack', { deep: [bytes(400)] }), [{ deep: [bytes(400)] }], 'binary in an ack')
  peer.emit('message', bytes(5))
  equal(await peer.take('message-back'), [bytes(5)], 'binary in message-back')
}

export async function acks (stage) {
  const peer = await stage.connected()
  equal(await peer.ask('message-with-ack'), [], 'an ack without arguments')
  equal(await peer.ask('message-with-ack', 1, 'two', [3]), [1, 'two', [3]], 'an ack with three')
  const answers = await Promise.all(range(1, 100).map(n => peer.ask(n % 2 ? 'ask' : 'message-with-ack', n)))
  equal(answers, range(1, 100).map(n => [n]), 'the acks of a hundred questions at once')
}

export async function acksOfClients (stage) {
  const peer = await stage.connected()
  peer.socket.on('sum', (a, b, answer) => answer(a + b, 'summed'))
  peer.emit('ask-me', 'sum', 20, 22)
  equal(await peer.take('asked'), [42, 'summed'], 'what the server heard')
  peer.socket.on('ein "Name" \u{1F600}', answer => answer())
  peer.emit('ask-me', 'ein "Name" \u{1F600}')
  equal(await peer.take('asked'), [], 'the empty ack that the server heard')
  peer.socket.on('reverse', (data, answer) => answer({ reversed: new Uint8Array(data.of[0]).reverse() }))
  peer.emit('ask-me', 'reverse', { of: [bytes(1000)] })
  equal(await peer.take('asked'), [{ reversed: bytes(1000).reverse() }], 'binary that the server heard in an ack')
}

export async function unanswered (stage) {
  const peer = await stage.connected()
  const error = await peer.within('time-out', resolve =>
    peer.socket.timeout(50).emit('nobody listens to this', 'question', resolve))
  equal(error?.message, 'operation has timed out', 'the error of the ack')
  equal(await peer.ask('ask', 'still there?'), ['still there?'], 'the next ack')
}

export async function values (stage) {
  const peer = await stage.connected()
  equal(await peer.ask('ask', ...VALUES), VALUES, 'all values in an ack')
  peer.emit('message', ...VALUES)
  equal(await peer.take('message-back'), VALUES, 'all values in an event')
  const odd = { date: new Date(0), nothing: undefined, number: NaN, list: [undefined, () => 1] }
  const even = { date: '1970-01-01T00:00:00.000Z', number: null, list: [null, null] }
  equal(await peer.ask('ask', odd), [even], 'what JSON makes of odd values')
}

export async function binary (stage) {
  const peer = await stage.connected()
  for (const given of BINARY) {
    equal(await peer.ask('ask', ...given), given, 'binary in an ack')
    peer.emit('message', ...given)
    equal(await peer.take('message-back'), given, 'binary in an event')
  }
  const [back] = await peer.ask('ask', { data: bytes(3) })
  check(back.data instanceof ArrayBuffer, 'binary arrives as an ArrayBuffer')
}

/** Text and binary, events and acks, all at once: the order of the events and the attachments of each are kept. */
export async function mixture (stage) {
  const peer = await stage.connected()
  const given = n => n % 3 ? { n } : { n, data: bytes(n, n) }
  const answers = range(1, 150).map(n => {
    peer.emit('message', given(n))
    return peer.ask('ask', given(n))
  })
  equal(await Promise.all(answers), range(1, 150).map(n => [given(n)]), 'the acks')
  await peer.count('message-back', 150)
  equal(peer.firsts('message-back'), range(1, 150).map(given), 'the events')
}
