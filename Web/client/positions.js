// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

const shape = /^(.+)-(0|[1-9][0-9]*)$/;

function parse(text) {
  const match = typeof text === 'string' ? shape.exec(text) : null;
  return match && { epoch: match[1], offset: match[2] };
}

export function isPosition(text) {
  return parse(text) !== null;
}

export function isSeen(position, seen) {
  const left = parse(position);
  const right = parse(seen);
  if (!left || !right || left.epoch !== right.epoch) return false;
  // Offsets have 64 bits on the server: compared as digits they are never rounded.
  if (left.offset.length !== right.offset.length) return left.offset.length < right.offset.length;
  return left.offset <= right.offset;
}

export function formatSince(positions) {
  const list = [...positions];
  if (list.length === 1) return list[0][1];
  return list.map(([topic, position]) => `${encodeURIComponent(topic)}=${encodeURIComponent(position)}`).join(',');
}
