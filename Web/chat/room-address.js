// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** A room in the address of the page: `#room`, with an invite `#room/invite`, with a message `#room/12`. */
export function addressOf(base, roomId, more) {
  const rest = more === undefined ? '' : `/${encodeURIComponent(more)}`;
  return `${base}chat/#${encodeURIComponent(roomId)}${rest}`;
}

/** @returns `{ roomId, invite, sequence }`, of which the first is null where no room is named */
export function placeOf(hash) {
  const [roomId = '', more = ''] = hash.replace(/^#/, '').split('/').map(decoded);
  const isSequence = /^[1-9]\d{0,14}$/.test(more);
  return {
    roomId: roomId === '' ? null : roomId,
    sequence: isSequence ? Number(more) : undefined,
    invite: isSequence || more === '' ? undefined : more,
  };
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
