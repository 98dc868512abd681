// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// Namespaces on one connection: who gets in, who is refused, and who leaves.
import { check, equal } from './values.mjs'

export async function side (stage) {
  const main = await stage.connected('/', { auth: { who: 'main' } })
  const custom = await stage.connected('/custom', { beside: main, auth: answer => answer({ who: 'custom' }) })
  const app = await stage.connected('/app', { beside: main })
  equal(await main.take('auth'), [{ who: 'main' }], 'the auth on /')
  equal(await custom.take('auth'), [{ who: 'custom' }], 'the auth on /custom')
  await app.take('hello')
  check(custom.engine === main.engine && app.engine === main.engine, 'all of them share one connection')
  equal(new Set([main.id, custom.id, app.id, main.engine.id]).size, 4, 'the number of different ids')
  main.emit('message', 'for / alone')
  equal(await main.take('message-back'), ['for / alone'], 'message-back on /')
  equal([custom.firsts('message-back'), app.firsts('message-back')], [[], []], 'what others heard of it')
}

export async function leaveAndReturn (stage) {
  const main = await stage.connected()
  const custom = await stage.connected('/custom', { beside: main })
  const old = custom.id
  await custom.count('auth', 1)
  custom.socket.disconnect()
  equal((await custom.turn('disconnect'))[0], 'io client disconnect', 'the reason')
  equal(await main.ask('ask', 1), [1], 'an ack on the namespace that stayed')
  custom.socket.connect()
  await custom.turn('connect', 2)
  check(custom.id !== old, 'it has a new id when it returns')
  await custom.count('auth', 2)
  equal(main.turns('disconnect'), 0, 'the number of times that / was lost')
}

export async function unknown (stage) {
  const main = await stage.connected()
  const nowhere = stage.peer('/nowhere', { beside: main })
  const [error] = await nowhere.turn('connect_error')
  equal(error.message, 'Invalid namespace', 'the message')
  equal([nowhere.socket.connected, nowhere.socket.active], [false, false], 'connected and active')
  equal(await main.ask('ask', 1), [1], 'an ack on the namespace that is there')
}

export async function refused (stage) {
  const main = await stage.connected()
  const admin = stage.peer('/admin', { beside: main, auth: { token: 'wrong' } })
  const [error] = await admin.turn('connect_error')
  equal([error.message, error.data], ['denied', { code: 7 }], 'the message and data of the refusal')
  equal([admin.socket.connected, admin.socket.active], [false, false], 'connected and active')
  const nobody = stage.peer('/admin', { forceNew: true })
  equal((await nobody.turn('connect_error'))[0].data, { code: 7 }, 'the data for one without auth')
  admin.socket.auth = { token: 'ok' }
  admin.socket.connect()
  await admin.turn('connect')
  check(admin.socket.connected && admin.engine === main.engine, 'it is in, on the same connection')
  equal(await main.ask('ask', 1), [1], 'an ack on the namespace beside it')
  equal(main.life.length, 1, 'the number of turns in the life of /')
}

/** The server sends one of them away, or closes the connection. */
export async function sentAway (stage) {
  const main = await stage.connected()
  const custom = await stage.connected('/custom', { beside: main })
  const old = main.id
  main.emit('disconnect-me', false)
  equal((await main.turn('disconnect'))[0], 'io server disconnect', 'the reason')
  check(!main.socket.active, 'it does not come back by itself')
  check(custom.socket.connected, 'the namespace beside it is still there')
  main.socket.connect()
  await main.turn('connect', 2)
  check(main.id !== old, 'it has a new id when it returns')
  equal(custom.life.length, 1, 'the number of turns in the life of /custom')
  main.emit('disconnect-me', true)
  equal((await main.turn('disconnect', 2))[0], 'io server disconnect', 'the reason on /')
  equal((await custom.turn('disconnect'))[0], 'io server disconnect', 'the reason on /custom')
}
