// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** The roles of a room, the highest first: each may do what those after it may. */
export const roles = ['owner', 'moderator', 'member', 'reader'];

export const roleWords = {
  owner: 'changes the room and the roles', moderator: 'keeps order and invites', member: 'reads and writes',
  reader: 'only reads',
};

/**
 * What one may do in a room. The server decides; this is for not offering what it would refuse.
 *
 * @returns `{ keepOrder, govern, pin, write }`
 */
export function rightsIn(room, now) {
  const has = (role) => roles.indexOf(room.role) <= roles.indexOf(role);
  const isCommon = room.kind !== 'direct';
  return {
    keepOrder: isCommon && has('moderator'),
    govern: isCommon && has('owner'),
    pin: isCommon ? has('moderator') : true,
    write: has('member') && !isMuted(room, now),
  };
}

/** Whether one stands above somebody, and may take measures against that one. */
export function standsAbove(room, person, me) {
  if (person.id === me || !rightsIn(room).keepOrder) return false;
  return !room.members.has(person.id) || roles.indexOf(room.role) < roles.indexOf(person.role);
}

/** A mute without an end has no time. */
export function isMuted({ muted, mutedUntil }, now = Date.now()) {
  return muted === true && !(mutedUntil <= now);
}

/** Why one may not write in a room, or an empty text. */
export function silenceWords(room, now, timeWords) {
  if (rightsIn(room, now).write) return '';
  if (roles.indexOf(room.role) > roles.indexOf('member')) return 'You may read here, and not write.';
  const end = Number.isFinite(room.mutedUntil) ? ` until ${timeWords(room.mutedUntil)}` : '';
  return `You are muted in this room${end}: you may read, and not write.`;
}
