// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/**
 * A message with one reaction more or fewer. The list names at most some of those who reacted, so that the count may be
 * larger than it; the event's own count is taken where there is one. `mine` says whether `me` has reacted, named or not.
 */
export function withReaction(message, { emoji, userId, isOn, count }, me) {
  const reactions = message.reactions ?? [];
  const old = reactions.find((reaction) => reaction.emoji === emoji) ?? { emoji, count: 0, users: [] };
  const isNamed = old.users.includes(userId);
  const step = isOn === isNamed ? 0 : isOn ? 1 : -1;
  const next = {
    emoji,
    count: Math.max(0, count ?? old.count + step),
    mine: userId === me ? isOn : old.mine,
    users: isOn && !isNamed ? [...old.users, userId] : old.users.filter((id) => isOn || id !== userId),
  };
  const index = reactions.indexOf(old);
  if (next.count === 0) return { ...message, reactions: reactions.filter((reaction) => reaction !== old) };
  return { ...message, reactions: index < 0 ? [...reactions, next] : reactions.with(index, next) };
}

/** Whether one has reacted with it. */
export function hasReacted(message, emoji, me) {
  const found = message.reactions?.find((reaction) => reaction.emoji === emoji);
  return found !== undefined && (found.mine ?? found.users.includes(me));
}
