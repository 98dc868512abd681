// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { clockFrom } from '../client/clock.js';
import { AboutView } from './about-view.js';
import { listenForAttention } from './attention-listener.js';
import { afterPause, byId, oncePerFrame, setText } from './chat-dom.js';
import { listenForKeys } from './chat-keys.js';
import { briefly } from './chat-state.js';
import { connectionWords, count } from './chat-words.js';
import { handleOf } from './completion.js';
import { ComposerView } from './composer-view.js';
import { showEdits } from './edits-dialog.js';
import { PinsView, SearchView } from './found-view.js';
import { InvitesView } from './invites-view.js';
import { openMenu } from './menu.js';
import { messageActions } from './message-actions.js';
import { MessageTools, stepThrough } from './message-tools.js';
import { Notifier } from './notifier.js';
import { announce, notice, problem } from './notices.js';
import { PageAddress } from './page-address.js';
import { PeopleView } from './people-view.js';
import { PersonMenu } from './person-menu.js';
import { isSure } from './questions.js';
import { ReportsView } from './reports-view.js';
import { rightsIn } from './rights.js';
import { RoomDialog } from './room-dialog.js';
import { RoomMenu } from './room-menu.js';
import { RoomsView, showHead } from './rooms-view.js';
import { SideView } from './side-view.js';
import { Switcher } from './switcher.js';
import { ThreadView } from './thread-view.js';
import { TimelineView } from './timeline-view.js';
import { typingWords } from './typing.js';

/** The parts of the page, and what they say to each other. */
export class ChatPage {
  #session;
  #base;
  #address;
  #timeline;
  #rooms;
  #people;
  #side;
  #tools;
  #dialog;
  #composer;
  #notifier;
  #switcher;
  #heard = [];
  #showRooms = oncePerFrame(() => this.#rooms.render());
  #updateSide = oncePerFrame(() => this.#side.update());
  #tellHeard = afterPause(700, () => this.#announceHeard());

  constructor(session, { storage, uploads, base }) {
    this.#session = session;
    this.#base = base;
    const context = () => this.#context();
    this.#timeline = new TimelineView(session, context);
    this.#rooms = new RoomsView(session);
    const files = { ...uploads, clock: clockFrom(), describe: (id) => session.api.describe(id) };
    this.#composer = new ComposerView(session, storage, files, () => this.#timeline.toNewest());
    this.#dialog = new RoomDialog(session, problem);
    this.#people = new PersonMenu(session, {
      talkTo: (id) => this.#dialog.talkTo(id), mention: (person) => this.#mention(person),
    });
    this.#side = new SideView(this.#panels(context));
    this.#notifier = new Notifier(storage, session.state, (roomId) => this.#go(roomId));
    this.#switcher = new Switcher(session.state, {
      open: (roomId) => this.#go(roomId), talkTo: (id) => this.#dialog.talkTo(id),
    });
    this.#tools = new MessageTools(this.#toolContext(),
      messageActions({ session, composer: this.#composer, side: this.#side, base }));
    this.#tools.serve(byId('messages'));
    this.#address = new PageAddress(session, {
      go: (roomId, sequence) => this.#go(roomId, sequence), rooms: () => this.#showPane('rooms'), problem,
    });
    this.#listen();
  }

  async start() {
    this.#showConnection();
    try {
      await this.#session.start();
    } catch (error) {
      problem(`The rooms could not be read: ${error.message}`);
      setTimeout(() => this.start(), 3000);
      return;
    }
    this.#address.follow();
  }

  #panels(context) {
    const session = this.#session;
    const go = (roomId, sequence) => this.#go(roomId, sequence);
    return {
      thread: new ThreadView(session, context, () => this.#tools),
      pins: new PinsView(session, go), search: new SearchView(session, go), reports: new ReportsView(session, go),
      invites: new InvitesView(session, this.#base),
      about: new AboutView(session, { leave: (room) => this.#leave(room) }),
      people: new PeopleView(session, this.#people, {
        talkTo: (id) => this.#dialog.talkTo(id), invite: () => this.#side.open('invites'),
      }),
    };
  }

  // What the session says

  #listen() {
    const session = this.#session;
    session.on('change', (what) => this.#changed(what));
    session.on('arrived', (message, room) => this.#arrived(message, room));
    session.on('problem', (text, error) => problem(error ?? text));
    session.on('left', (room, reason) => this.#left(room, reason));
    byId('new').addEventListener('click', () => this.#dialog.show());
    byId('begin').addEventListener('click', () => this.#dialog.show());
    byId('back').addEventListener('click', () => this.#showPane('rooms'));
    byId('show-members').addEventListener('click', () => this.#side.toggle('people'));
    byId('show-pins').addEventListener('click', () => this.#side.toggle('pins'));
    byId('show-search').addEventListener('click', () => this.#side.toggle('search'));
    new RoomMenu({
      room: () => session.state.open, side: (name) => this.#side.open(name), leave: (room) => this.#leave(room),
    });
    listenForKeys(this.#keyActions());
    listenForAttention(session);
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
        return this.#side.name === 'thread' && this.#updateSide();
      case 'pins':
        this.#timeline.update();
        return this.#side.name === 'pins' && this.#side.again();
      case 'typing': return this.#showTyping();
      case 'connection': return this.#showConnection();
      case 'invitation': return this.#showInvitations();
      case 'away': return this.#showMe();
      default:
        showHead(this.#session.state);
        this.#composer.showRight();
        this.#timeline.update();
        return ['people', 'about', 'invites'].includes(this.#side.name) && this.#updateSide();
    }
  }

  #opened() {
    const { state } = this.#session;
    const isOther = byId('chat').dataset.room !== (state.openId ?? '');
    byId('chat').dataset.room = state.openId ?? '';
    if (isOther) {
      if (this.#side.name !== 'search') this.#side.close();
      this.#showPane(state.openId === null ? 'rooms' : 'talk');
      this.#address.show(state.openId);
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

  #showMe() {
    byId('my-avatar').dataset.status = this.#session.isAway ? 'away' : 'online';
  }

  #showInvitations() {
    const { size } = this.#session.state.invitations;
    if (size > 0) announce(`You are invited to ${[...this.#session.state.invitations.values()].at(-1).name}`);
  }

  #left(room, reason) {
    const title = this.#session.state.titleOf(room);
    if (reason === 'kicked') problem(`You were taken out of ${title}.`);
    else if (reason === 'banned') problem(`You were banned from ${title}.`);
    else if (reason === 'left') notice(`You have left ${title}.`);
    else notice(`You are in ${title} no longer.`);
  }

  #arrived(message, room) {
    if (room.id === this.#session.state.openId) this.#timeline.arrived();
    this.#notifier.arrived(message, room);
    this.#heard.push({ message, room });
    this.#tellHeard();
  }

  /** What arrived within a moment is read out together, and more than three only counted. */
  #announceHeard() {
    const { state } = this.#session;
    const heard = this.#heard.splice(0);
    const open = heard.filter(({ room }) => room.id === state.openId);
    const elsewhere = heard.length - open.length;
    const texts = open.length > 3 ? [`${count(open.length, 'new message')}`]
      : open.map(({ message, room }) => `${message.userName ?? room.nameOf(message.userId)}: ${briefly(message)}`);
    if (elsewhere > 0) texts.push(`${elsewhere} in other rooms`);
    announce(texts.join('. '));
  }

  // What the parts do

  async #go(roomId, sequence) {
    const isOpen = this.#session.state.openId === roomId;
    if (!isOpen) await this.#session.open(roomId, sequence);
    this.#showPane('talk');
    if (matchMedia('(max-width: 860px)').matches) this.#side.close();
    if (sequence !== undefined) this.#timeline.jump(sequence);
  }

  #context() {
    const session = this.#session;
    const { state } = session;
    const room = state.open;
    const handles = new Map([...room.members.values()].flatMap((person) => (
      [[person.id, person.name], [handleOf(person), person.name]])));
    return {
      me: state.me.id, kind: room.kind,
      links: session.links,
      nameOf: (id) => room.nameOf(id),
      isPerson: (handle) => handle === 'all' || handles.has(handle),
      nameOfHandle: (handle) => handles.get(handle) ?? handle,
      person: (id, button) => this.#aboutPerson(room, id, button),
      jump: (sequence) => this.#timeline.jump(sequence),
      thread: (id) => this.#side.open('thread', id),
      edits: (message) => showEdits(session, message),
      react: (message, emoji, isOn) => session.commands.react(message, emoji, isOn),
      retry: (clientId) => session.retry(clientId),
      discard: (clientId) => session.discard(clientId),
    };
  }

  #aboutPerson(room, id, button) {
    const items = this.#people.items(room, id);
    if (items.length > 0) openMenu(button, `About ${room.nameOf(id)}`, items);
  }

  #mention(person) {
    this.#showPane('talk');
    if (matchMedia('(max-width: 860px)').matches) this.#side.close();
    this.#composer.mention(person);
  }

  async #leave(room) {
    const title = `Leave ${this.#session.state.titleOf(room)}?`;
    const text = room.kind === 'public' ? 'You hear nothing more of it. You may join it again.'
      : 'You hear nothing more of it, and need an invitation to come back.';
    if (await isSure({ title, text, yes: 'Leave' })) this.#session.memberships.leave(room.id).catch(problem);
  }

  #toolContext() {
    const { state } = this.#session;
    return {
      me: state.me.id,
      find: (sequence) => state.open?.find(sequence) ?? null,
      rights: () => (state.open ? rightsIn(state.open, Date.now()) : {}),
    };
  }

  #keyActions() {
    return {
      room: (step) => this.#rooms.step(step),
      new: () => this.#dialog.show(),
      find: () => this.#switcher.show(),
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
