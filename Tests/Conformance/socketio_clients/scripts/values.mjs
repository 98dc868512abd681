// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// Values of any depth with binary in them: made, and compared, in browsers and in Node alike.

/** Bytes of this length that repeat at no power of two. */
export function bytes (length, first = 0) {
  return Uint8Array.from({ length }, (_, index) => (first + index) % 251)
}

/** A text that two values share when they are the same: keys sorted, binary of whatever kind told from all else. */
export function describe (value) {
  if (value instanceof ArrayBuffer) return describe(new Uint8Array(value))
  if (ArrayBuffer.isView(value)) return `<${value.byteLength} bytes: ${value.join(',')}>`
  if (Array.isArray(value)) return `[${value.map(describe).join(', ')}]`
  if (value && typeof value === 'object') {
    return `{${Object.keys(value).sort().map(key => `${JSON.stringify(key)}: ${describe(value[key])}`).join(', ')}}`
  }
  return value === undefined ? 'undefined' : JSON.stringify(value)
}

export function equal (actual, expected, what) {
  const [is, should] = [describe(actual), describe(expected)]
  if (is === should) return
  let same = 0
  while (is[same] === should[same]) same++
  const around = text => (same > 150 ? '…' : '') + text.slice(Math.max(0, same - 150), same + 350)
  throw new Error(`${what} is\n  ${around(is)}\ninstead of\n  ${around(should)}`)
}

export function check (holds, what) {
  if (!holds) throw new Error(`it does not hold that ${what}`)
}

/** The numbers from first to last. */
export function range (first, last) {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** Waits until the condition gives something true, and returns that. */
export async function until (condition, what, seconds = 15) {
  const end = performance.now() + seconds * 1000
  for (;;) {
    const value = condition()
    if (value) return value
    if (performance.now() > end) throw new Error(`within ${seconds} s it did not come to pass that ${what()}`)
    await new Promise(resolve => setTimeout(resolve, 2))
  }
}
