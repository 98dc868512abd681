// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// Node's `eventsource`: prints `connected` and each message as they come, until it is ended. Argument: the address.
const source = new EventSource(process.argv[2])
source.addEventListener('connected', () => console.log('connected'))
source.addEventListener('gap', event => console.log('gap', event.data))
source.onmessage = event => console.log('message', event.data)
