// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

const codes = {
  1000: 'Done', 1001: 'The page was left', 1002: 'Fault in the protocol', 1003: 'A kind of data that is not taken',
  1005: 'Closed without a code', 1006: 'Cut without a goodbye', 1007: 'Text that is not UTF-8', 1008: 'Against the rules',
  1009: 'A message too large', 1011: 'A fault of the server', 1012: 'The server was restarted',
  1013: 'The server had no room', 4000: 'Too slow to read, or asked to come back',
};

/** What a close code says (RFC 6455 §7.4, and Documentation/protocol.md). */
export function closeCode(code) {
  if (codes[code]) return codes[code];
  const number = Number(code);
  if (number >= 4500 && number < 5000) return 'Ended, and not to come back';
  if (number >= 4000) return 'Ended, and may come back';
  return number >= 3000 ? 'Of a library' : 'Others';
}
