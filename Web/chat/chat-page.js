// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { clockFrom } from '../client/clock.js';
import { afterPause, byId, oncePerFrame, setText } from './chat-dom.js';
import { listenForKeys } from './chat-keys.js';
import { briefly } from './chat-state.js';
import { connectionWords, count } from './chat-words.js';
import { handleOf } from './completion.js';
import { ComposerView } from './composer-view.js';
import { announce, PeopleView, PinsView, SearchView } from './found-view.js';
import { isSure, MessageTools, stepThrough } from './message-tools.js';
import { hasReacted } from './reactions.js';
import { pickEmoji } from './reaction-picker.js';
import { personChoice, RoomDialog } from './room-dialog.js';
import { RoomsView, showHead } from './rooms-view.js';
import { SideView } from './side-view.js';
import { ThreadView } from './thread-view.js';
import { TimelineView } from './timeline-view.js';
import { typingWords } from './typing.js';

/** The parts of the page, and what they say to each other. */
export class ChatPage {
  #session;
  #timeline;
  #rooms;
  #side;
  #tools;
  #dialog;
  #composer;
  #heard = [];
  #showRooms = oncePerFrame(() => this.#rooms.render());
  #showProblem = afterPause(8000, () => { byId('problem').hidden = true; });
  #tellHeard = afterPause(700, () => this.#announceHeard());

  constructor(session, { storage, uploads }) {
    this.#session = session;
    const context = () => this.#context();
    this.#timeline = new TimelineView(session, context);
    this.#rooms = new RoomsView(session);
    const files = { ...uploads, clock: clockFrom(), describe: (id) => session.api.describe(id) };
    this.#composer = new ComposerView(session, storage, files, () => this.#timeline.toNewest());
    this.#dialog = new RoomDialog(session, (text) => this.#problem(text));
    const go = (roomId, sequence) => this.#go(roomId, sequence);
    this.#side = new SideView({
      thread: new ThreadView(session, context), pins: new PinsView(session, go), search: new SearchView(session, go),
      people: new PeopleView(session, (id) => this.#dialog.talkTo(id), this.#peopleActions()),
    });
    this.#tools = new MessageTools(byId('messages'), this.#toolContext(), this.#toolActions());
    this.#listen();
  }

  async start() {
    this.#showConnection();
    try {
      await this.#session.start();
    } catch (error) {
      this.#problem(`The rooms could not be read: ${error.message}`);
      setTimeout(() => this.start(), 3000);
      return;
    }
    const [roomId, invite] = decodeURIComponent(location.hash.slice(1)).split('/');
    if (invite) this.#session.join(roomId, invite).catch((error) => this.#problem(error.message));
    else if (this.#session.state.rooms.has(roomId)) this.#session.open(roomId);
  }

  // What the session says

  #listen() {
    const session = this.#session;
    session.on('change', (what) => this.#changed(what));
    session.on('arrived', (message, room) => this.#arrived(message, room));
    session.on('problem', (text) => this.#problem(text));
    byId('new').addEventListener('click', () => this.#dialog.show());
    byId('back').addEventListener('click', () => this.#showPane('rooms'));
    byId('show-members').addEventListener('click', () => this.#side.toggle('people'));
    byId('show-pins').addEventListener('click', () => this.#side.toggle('pins'));
    byId('show-search').addEventListener('click', () => this.#side.toggle('search'));
    listenForKeys(this.#keyActions());
  }

  #changed(what) {
    this.#showRooms();
    switch (what) {
      case 'opened': return this.#opened();
      case 'timeline':
      case 'receipts':
        this.#timeline.update();
        this.#showTyping(); // a message ends it
        this.#showConnection(); // with how many messages wait
        return this.#side.name === 'thread' && this.#side.update();
      case 'typing': return this.#showTyping();
      case 'connection': return this.#showConnection();
      case 'invitation': return this.#showInvitations();
      default:
        showHead(this.#session.state);
        this.#timeline.update();
        return this.#side.name === 'people' && this.#side.update();
    }
  }

  #opened() {
    const { state } = this.#session;
    const isOther = byId('chat').dataset.room !== (state.openId ?? '');
    byId('chat').dataset.room = state.openId ?? '';
    if (isOther) {
      if (this.#side.name !== 'search') this.#side.close();
      this.#showPane(state.openId === null ? 'rooms' : 'talk');
      const address = state.openId === null ? location.pathname : `#${encodeURIComponent(state.openId)}`;
      history.replaceState(null, '', address);
    }
    showHead(state);
    this.#composer.opened();
    this.#timeline.opened();
    this.#showTyping();
    if (isOther && state.openId !== null && matchMedia('(hover: hover)').matches) this.#composer.focus();
  }

  #showPane(name) {
    byId('chat').dataset.pane = name;
  }

  #showTyping() {
    const room = this.#session.state.open;
    setText(byId('typing'), room ? typingWords(room.typists.ids.map((id) => room.nameOf(id))) : '');
  }

  #showConnection() {
    const { state, text } = connectionWords(this.#session.client, this.#session.unsent);
    byId('server').dataset.state = state;
    setText(byId('server'), text);
  }

  #showInvitations() {
    const { size } = this.#session.state.invitations;
    setText(byId('new'), size > 0 ? `New (${count(size, 'invitation')})` : 'New');
    if (size > 0) announce(`You are invited to ${[...this.#session.state.invitations.values()].at(-1).name}`);
  }

  #arrived(message, room) {
    if (room.id === this.#session.state.openId) this.#timeline.arrived();
    this.#heard.push({ message, room });
    this.#tellHeard();
  }

  /** What arrived within a moment is read out together, and more than three only counted. */
  #announceHeard() {
    const { state } = this.#session;
    const heard = this.#heard.splice(0);
    const open = heard.filter(({ room }) => room.id === state.openId);
    const elsewhere = heard.length - open.length;
    const texts = open.length > 3 ? [`${open.length} new messages`]
      : open.map(({ message, room }) => `${message.userName ?? room.nameOf(message.userId)}: ${briefly(message)}`);
    if (elsewhere > 0) texts.push(`${elsewhere} in other rooms`);
    announce(texts.join('. '));
  }

  #problem(text) {
    byId('problem').hidden = false;
    setText(byId('problem'), text);
    this.#showProblem();
  }

  // What the parts do

  async #go(roomId, sequence) {
    if (this.#session.state.openId !== roomId) await this.#session.open(roomId, sequence);
    this.#showPane('talk');
    if (matchMedia('(max-width: 860px)').matches) this.#side.close();
    this.#timeline.jump(sequence);
  }

  #context() {
    const session = this.#session;
    const { state } = session;
    const room = state.open;
    const handles = new Set([...room.members.values()].flatMap((person) => [handleOf(person), person.id]));
    return {
      me: state.me.id, kind: room.kind,
      links: session.links,
      nameOf: (id) => room.nameOf(id),
      isPerson: (name) => name === 'all' || handles.has(name),
      jump: (sequence) => this.#timeline.jump(sequence),
      thread: (id) => this.#side.open('thread', id),
      react: (message, emoji, isOn) => session.commands.react(message, emoji, isOn),
      retry: (clientId) => session.retry(clientId),
      discard: (clientId) => session.discard(clientId),
    };
  }

  #toolContext() {
    const { state } = this.#session;
    return {
      me: state.me.id,
      find: (sequence) => state.open?.find(sequence) ?? null,
      isModerator: () => ['owner', 'moderator'].includes(state.open?.role),
    };
  }

  #toolActions() {
    const session = this.#session;
    return {
      react: async (message) => {
        const emoji = await pickEmoji();
        if (emoji) session.commands.react(message, emoji, !hasReacted(message, emoji, session.state.me.id));
      },
      reply: (message) => this.#composer.reply(message),
      thread: (message) => this.#side.open('thread', message.threadId ?? message.id),
      pin: (message) => session.commands.pin(message, !message.pinned),
      edit: (message) => this.#composer.edit(message),
      remove: async (message) => {
        const question = { title: 'Delete this message?', text: briefly(message), yes: 'Delete' };
        if (await isSure(question)) session.commands.remove(message);
      },
    };
  }

  #peopleActions() {
    const session = this.#session;
    return {
      person: personChoice,
      invite: (room) => session.commands.invitation(room.id),
      leave: async (room) => {
        const title = `Leave ${session.state.titleOf(room)}?`;
        const question = { title, text: 'You hear nothing more of it.', yes: 'Leave' };
        if (await isSure(question)) session.leave(room.id).catch((error) => this.#problem(error.message));
      },
    };
  }

  #keyActions() {
    return {
      room: (step) => this.#rooms.step(step),
      new: () => this.#dialog.show(),
      write: () => this.#composer.focus(),
      search: () => this.#side.open('search'),
      people: () => this.#session.state.open && this.#side.toggle('people'),
      message: (key) => this.#tools.press(key),
      step: (by) => stepThrough(this.#timeline.rows, by),
      end: (isNewest) => (isNewest ? this.#timeline.toNewest() : this.#timeline.rows[0]?.focus()),
      back: () => this.#back(),
    };
  }

  /** Esc: leaves a field, then the panel, then the room on a narrow page. */
  #back() {
    const { activeElement } = document;
    if (activeElement?.closest('#composer')) activeElement.blur();
    else if (this.#side.name !== null) this.#side.close();
    else if (activeElement?.closest('#messages')) byId('history').focus();
    else this.#showPane('rooms');
    return true;
  }
}
