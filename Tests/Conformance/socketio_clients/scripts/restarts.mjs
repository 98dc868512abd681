// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// A server that is stopped in good order and started again, as the namespace /v1 of `hibiki serve` shows it.
import { check, equal, range } from './values.mjs'

/** The same socket before and after, which has missed nothing and got nothing twice. */
export async function deployed (stage) {
  const peer = await stage.connected('/v1')
  const id = peer.id
  const publish = number => peer.ask('publish', 'public/deployed', 'numbered', number)
  check((await peer.ask('subscribe', 'public/deployed'))[0].position, 'it has subscribed')
  for (const number of range(1, 3)) await publish(number)
  await peer.count('numbered', 3)
  // What others publish meanwhile comes from the runner, to the server that is started again.
  stage.command('restart')
  const [notice] = await peer.take('server:shutdown')
  check(typeof notice.message === 'string' && notice.message.length > 0, 'the notice has words')
  check(notice.reconnectDelay >= 1000 && notice.reconnectDelay < 1100, `the delay is ${notice.reconnectDelay}`)
  equal((await peer.turn('disconnect'))[0], 'transport close', 'the reason, with which it comes back by itself')
  await peer.turn('connect', 2)
  equal([peer.socket.recovered, peer.id], [true, id], 'recovered, and its id')
  await peer.count('numbered', 6)
  await publish(7)
  await peer.count('numbered', 7)
  equal(peer.firsts('numbered'), range(1, 7), 'what it heard')
}
