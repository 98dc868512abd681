// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** The sequence in an id such as `general-12`; 0 for what is none. A room's name may have hyphens of its own. */
export function sequenceOf(messageId) {
  const match = /^(?:.+)-(\d{1,15})$/.exec(typeof messageId === 'string' ? messageId : '');
  return match ? Number(match[1]) : 0;
}

export function messageId(roomId, sequence) {
  return `${roomId}-${sequence}`;
}
