// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// Large payloads, and those that are too large.
import { bytes, check, equal } from './values.mjs'

const MEGABYTE = 1_000_000
const TEXT = 'resonance ü 響 '.repeat(MEGABYTE / 19)      // 19 bytes each

export async function megabyte (stage) {
  const peer = await stage.connected()
  equal(await peer.ask('ask', TEXT), [TEXT], 'a megabyte of text in an ack')
  const data = bytes(MEGABYTE)
  peer.emit('message', { data })
  equal(await peer.take('message-back'), [{ data }], 'a megabyte of binary in an event')
  peer.socket.on('weigh', (heavy, answer) => answer(heavy))
  peer.emit('ask-me', 'weigh', data)
  equal(await peer.take('asked'), [data], 'a megabyte of binary in the ack of a client')
  equal(peer.life.length, 1, 'the number of turns in its life')
}

/** The argument is a number of bytes that the server does not take. */
export async function oversize (stage, length) {
  const peer = await stage.connected()
  const neighbour = await stage.connected('/', { direct: true })
  const old = peer.id
  peer.emit('message', 'x'.repeat(length))
  const [reason] = await peer.turn('disconnect')
  check(['transport close', 'transport error'].includes(reason), 'the reason is one of the transport, not ' + reason)
  await peer.turn('connect', 2)
  check(peer.id !== old, 'it has a new id')
  equal(await peer.ask('ask', 'back again'), ['back again'], 'its next ack')
  equal(peer.firsts('message-back'), [], 'what came back of it')
  equal(await neighbour.ask('ask', 1), [1], 'the ack of its neighbour')
  equal(neighbour.life.length, 1, 'the number of turns in the life of its neighbour')
}
