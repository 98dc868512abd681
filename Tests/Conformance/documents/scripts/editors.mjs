// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// Editors of Yjs with y-websocket's own provider, told by lines of JSON on standard input what to do; each line gets one
// back: {"ok": …} or {"error": …}.
import { createInterface } from 'node:readline'

const Y = debian('yjs')
const { WebsocketProvider } = debian('y-websocket')

const editors = new Map()

const commands = {
  open({ who, url, document, params = {}, gc = true }) {
    const doc = new Y.Doc({ gc })
    const provider = new WebsocketProvider(url, document, doc, {
      params, WebSocketPolyfill: WebSocket, disableBc: true, maxBackoffTime: 300,
    })
    const editor = { doc, provider, closes: [], denied: [] }
    provider.on('connection-close', event => event && editor.closes.push([event.code, String(event.reason)]))
    // What the provider itself would print
    provider.messageHandlers[2] = (_, decoder) => {
      const text = []
      for (let left = decoder.arr.length - decoder.pos; left > 0; left--) text.push(decoder.arr[decoder.pos++])
      editor.denied.push(Buffer.from(text.slice(2)).toString())
    }
    editors.set(who, editor)
  },

  status({ who }) {
    const { provider, closes, denied } = editor(who)
    return { connected: provider.wsconnected, synced: provider.synced, closes, denied, client: provider.doc.clientID }
  },

  insert({ who, text, at }) {
    const shared = editor(who).doc.getText('text')
    shared.insert(at ?? shared.length, text)
  },

  text({ who }) { return editor(who).doc.getText('text').toString() },

  show({ who, state }) { editor(who).provider.awareness.setLocalStateField('user', state) },

  shown({ who }) {
    const states = [...editor(who).provider.awareness.getStates().values()]
    return states.map(state => state.user).filter(Boolean).sort()
  },

  // What the document holds, in a form that is the same for the same document
  state({ who }) {
    const { doc } = editor(who)
    const clocks = [...Y.decodeStateVector(Y.encodeStateVector(doc))].sort(([a], [b]) => a - b)
    return {
      text: doc.getText('rich').toDelta(), plain: doc.getText('text').toString(), map: doc.getMap('map').toJSON(),
      list: doc.getArray('list').toJSON(), xml: doc.getXmlFragment('xml').toString(), clocks,
    }
  },

  // Edits of all kinds, the same for the same seed
  random({ who, edits, seed }) {
    const { doc } = editor(who)
    const next = random(seed)
    for (let i = 0; i < edits; i++) kinds[next(kinds.length)](doc, next)
  },

  // A text with a mark of its own every few milliseconds, until `stop`; and all marks that others have written and this one has seen
  write({ who, every }) {
    const me = editor(who)
    let number = 0
    me.seen ??= new Set()
    me.doc.getArray('marks').observe((event, transaction) => {
      if (!transaction.local) for (const mark of event.changes.delta.flatMap(each => each.insert ?? [])) me.seen.add(mark)
    })
    me.timer = setInterval(() => me.doc.getArray('marks').push([`${who}-${me.doc.clientID}-${number++}`]), every)
  },

  stop({ who }) { clearInterval(editor(who).timer) },
  seen({ who }) { return [...editor(who).seen ?? []] },
  marks({ who }) { return editor(who).doc.getArray('marks').toArray() },

  // Off the network, and on it again
  cut({ who }) { editor(who).provider.disconnect() },
  connect({ who }) { editor(who).provider.connect() },

  close({ who }) {
    const { doc, provider, timer } = editor(who)
    clearInterval(timer)
    provider.destroy()
    doc.destroy()
    editors.delete(who)
  },
}

const kinds = [
  (doc, next) => insert(doc.getText('text'), next, 'abc'),
  (doc, next) => insert(doc.getText('rich'), next, 'xyz'),
  (doc, next) => remove(doc.getText('rich'), next),
  (doc, next) => remove(doc.getText('text'), next),
  (doc, next) => {
    const text = doc.getText('rich')
    const at = next(text.length + 1)
    text.format(at, next(text.length - at + 1), { [['bold', 'italic'][next(2)]]: next(3) ? true : null })
  },
  (doc, next) => doc.getMap('map').set(`key${next(6)}`, next(1_000)),
  (doc, next) => doc.getMap('map').delete(`key${next(6)}`),
  (doc, next) => doc.getArray('list').insert(next(doc.getArray('list').length + 1), [next(1_000), { a: [next(5), null] }]),
  (doc, next) => remove(doc.getArray('list'), next),
  (doc, next) => {
    const xml = doc.getXmlFragment('xml')
    const element = new Y.XmlElement('p')
    element.insert(0, [new Y.XmlText(`t${next(100)}`)])
    xml.insert(next(xml.length + 1), [element])
  },
  (doc, next) => remove(doc.getXmlFragment('xml'), next),
]

function insert(text, next, letters) { text.insert(next(text.length + 1), letters[next(letters.length)] + 'éニ'[next(2)]) }

function remove(list, next) {
  if (list.length === 0) return
  const at = next(list.length)
  list.delete(at, Math.min(1 + next(3), list.length - at))
}

// A small generator of numbers below a limit (xorshift32)
function random(seed) {
  let state = seed || 1
  return limit => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % Math.max(1, limit)
  }
}

function editor(who) {
  const found = editors.get(who)
  if (!found) throw new Error(`there is no editor ${who}`)
  return found
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer
  try {
    const command = JSON.parse(line)
    answer = { ok: commands[command.do](command) ?? null }
  } catch (error) {
    answer = { error: String(error.stack) }
  }
  process.stdout.write(JSON.stringify(answer) + '\n')
}
process.exit(0)
