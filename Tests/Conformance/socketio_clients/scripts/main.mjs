// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// Plays one scenario in Node: main.mjs BUNDLE FILE SCENARIO SETTING; SETTING is JSON (see Stage).
// Each line on the output that begins with "link " is for the network; "done" is the last of a scenario that held.
import { createRequire } from 'node:module'
import { play } from './peer.mjs'

const [bundle, file, name, setting] = process.argv.slice(2)
const io = createRequire(import.meta.url)(bundle)

function fail (error) {
  // A bundle is one line: an exception in it shows as a page of code.
  for (const line of String(error?.stack ?? error).split('\n')) console.log(line.slice(0, 300))
  process.exit(1)
}

process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
const scenario = (await import('./' + file))[name]
await play(scenario, { ...JSON.parse(setting), io, command: word => console.log('link ' + word) })
console.log('done')
process.exit(0)
