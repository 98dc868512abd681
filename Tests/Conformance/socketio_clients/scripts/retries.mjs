// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// The option `retries`: a queue with one packet under way, sent again until it is acknowledged.
import { check, equal, range } from './values.mjs'

/** Emits each number with an ack; gives the acks as they come. */
function queue (peer, numbers) {
  const acked = []
  const ack = (error, answer) => acked.push(error ? error.message : answer)
  for (const n of numbers) peer.emit('message-with-ack', n, ack)
  return acked
}

export async function retries (stage) {
  const peer = await stage.connected('/', { retries: 20, ackTimeout: 5000 })
  const acked = queue(peer, range(1, 50))
  await stage.lose(peer, 'rst')
  const more = queue(peer, range(51, 100))
  await stage.lose(peer, 'outage')
  await peer.within('last ack', resolve => peer.emit('ask', 'the last', resolve))
  equal([...acked, ...more], range(1, 100), 'the acks, in their order')
}

export async function givenUp (stage) {
  const peer = await stage.connected('/', { retries: 2, ackTimeout: 50 })
  let sent = 0
  peer.socket.io.engine.on('packetCreate', packet => { sent += String(packet.data).includes('nobody') ? 1 : 0 })
  const error = await peer.within('end of the tries', resolve => peer.emit('nobody listens to this', resolve))
  check(error instanceof Error, 'the ack is told an error')
  equal(sent, 3, 'the number of times that it was sent')
  const answer = await peer.within('ack', resolve => peer.emit('ask', 'next', (_, value) => resolve(value)))
  equal(answer, 'next', 'the ack of what stood behind it')
}
