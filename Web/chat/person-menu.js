// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { announce, notice } from './notices.js';
import { askForHowLong, isSure } from './questions.js';
import { isMuted, rightsIn, roles, roleWords, standsAbove } from './rights.js';

/** What one can do about somebody in the open room: the items of a menu. */
export class PersonMenu {
  #session;
  #talkTo;
  #mention;

  /** @param actions `{ talkTo(id), mention(person) }` */
  constructor(session, { talkTo, mention }) {
    this.#session = session;
    this.#talkTo = talkTo;
    this.#mention = mention;
  }

  items(room, id) {
    const { me } = this.#session.state;
    const person = room.members.get(id) ?? { id, name: room.nameOf(id) };
    const isThere = room.members.has(id);
    const isAbove = standsAbove(room, person, me.id);
    return [
      ...(id === me.id ? [] : this.#words(room, person, isThere)),
      ...(isThere && rightsIn(room).govern ? this.#roles(room, person) : []),
      ...(isThere && isAbove ? [this.#muting(room, person)] : []),
      ...(isAbove ? this.#removals(room, person, isThere) : []),
    ];
  }

  #words(room, person, isThere) {
    const write = { title: `Write to ${person.name}`, run: () => this.#talkTo(person.id) };
    const mention = { title: 'Mention in this room', run: () => this.#mention(person) };
    if (room.kind === 'direct') return [];
    return isThere && rightsIn(room).write ? [write, mention] : [write];
  }

  #roles(room, person) {
    return roles.map((role) => ({
      title: role[0].toUpperCase() + role.slice(1), note: roleWords[role], isChosen: person.role === role,
      run: () => this.#give(room, person, role),
    }));
  }

  async #give(room, person, role) {
    if (person.role === role) return;
    const isMe = person.id === this.#session.state.me.id;
    const question = isMe
      ? { title: 'Give up your role?', text: 'Only another owner can give it back to you.', yes: `Be a ${role}` }
      : { title: `Make ${person.name} an owner?`, text: 'An owner may do everything, and take your role from you.',
        yes: 'Make an owner' };
    if ((isMe || role === 'owner') && !await isSure(question)) return;
    if (await this.#session.order.setRole(room, person.id, role)) announce(`${person.name} is ${role}`);
  }

  #muting(room, person) {
    const { order } = this.#session;
    if (isMuted(person)) {
      return { title: 'Let write again', run: () => order.unmute(room, person.id) };
    }
    const run = async () => {
      const answer = await askForHowLong({
        title: `Mute ${person.name}?`, yes: 'Mute', text: `${person.name} reads on, and cannot write or react.`,
      });
      if (answer) await order.mute(room, person.id, answer.until);
    };
    return { title: 'Mute', note: 'reads on, cannot write', run };
  }

  #removals(room, person, isThere) {
    const { order, state } = this.#session;
    const place = state.titleOf(room);
    const isOpen = room.kind === 'public';
    const kick = async () => {
      const text = isOpen ? 'Anybody may join this room: a ban keeps somebody out.'
        : 'It takes an invitation to come back.';
      if (!await isSure({ title: `Take ${person.name} out of ${place}?`, text, yes: 'Take out' })) return;
      if (await order.kick(room, person.id)) notice(`${person.name} was taken out.`);
    };
    const ban = async () => {
      const answer = await askForHowLong({
        title: `Ban ${person.name} from ${place}?`, yes: 'Ban',
        text: `${person.name} is taken out, and can neither come back nor read what was said.`,
      });
      if (answer && await order.ban(room, person.id, answer.until)) notice(`${person.name} was banned.`);
    };
    const items = [{ title: 'Ban', note: 'and keep out', isDanger: true, run: ban }];
    return isThere ? [{ title: 'Take out of the room', isDanger: true, run: kick }, ...items] : items;
  }
}
