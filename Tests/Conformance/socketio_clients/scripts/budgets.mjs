// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// A client that sends more than it may to the namespace /v1 of `hibiki serve`.
import { check, equal } from './values.mjs'

const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds))

/** It is told in its ack when to come back, and is there again when it does; without an ack an event tells it. */
export async function limited (stage) {
  const peer = await stage.connected('/v1')
  const publish = () => peer.ask('publish', 'public/limited', 'message', 1)
  let [answer] = await publish()
  while (answer.position) [answer] = await publish()
  const { code, retry, retryAfter } = answer.error.data
  equal([code, retry], ['rate_limited', true], 'what the refusal says')
  check(retryAfter > 0 && retryAfter <= 200, `the time is ${retryAfter}`)
  await pause(retryAfter)
  check((await publish())[0].position, 'it may publish again')
  for (let number = 0; number < 30; number++) peer.socket.emit('publish', 'public/limited', 'message', number)
  const [error] = await peer.take('error')
  equal(error.data.code, 'rate_limited', 'what the event says')
}
