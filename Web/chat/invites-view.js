// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { avatar, make, reconcile, setText } from './chat-dom.js';
import { count, shortly } from './chat-words.js';
import { copy, notice } from './notices.js';
import { endOf, isSure } from './questions.js';
import { rightsIn } from './rights.js';
import { addressOf } from './room-address.js';

const ends = [['never', 'without an end'], ['hour', 'for an hour'], ['day', 'for a day'], ['week', 'for a week']];
const uses = [['', 'for any number of people'], ['1', 'for one person'], ['10', 'for ten people']];

/** How others come into the open room: by its address, by name, or by a link. */
export class InvitesView {
  #session;
  #base;
  #links = null;
  #known = null;

  constructor(session, base) {
    this.#session = session;
    this.#base = base;
  }

  title() {
    return 'Invite';
  }

  show(body) {
    const { open: room } = this.#session.state;
    const mayInvite = rightsIn(room).keepOrder;
    this.#links = mayInvite ? make('ul', { class: 'links' }) : null;
    this.#known = mayInvite ? make('ul', { class: 'choices' }) : null;
    if (room.kind === 'public') body.append(this.#address(room));
    if (mayInvite) body.append(this.#people(), this.#linkForm(room));
    else if (room.kind !== 'public') {
      body.append(make('p', { class: 'hint' }, 'Owners and moderators invite to this room.'));
    }
    this.update();
    if (mayInvite) this.#read(room);
  }

  /** Those whom one could invite by name. */
  update() {
    const { open: room } = this.#session.state;
    if (!room || !this.#known) return;
    const others = this.#session.state.people().filter(({ id }) => !room.members.has(id));
    const rows = others.map(({ id, name }) => ({ id, name, standing: room.outsiders.get(id)?.standing ?? '' }));
    reconcile(this.#known, rows.length > 0 ? rows : [{ id: '', name: '' }], {
      key: ({ id }) => id, make: (row) => this.#choice(room, row),
    });
  }

  #choice(room, { id, name, standing }) {
    if (id === '') return make('li', { class: 'hint' }, 'Everybody whom you know is here. Make a link for others.');
    const invite = async () => {
      if (await this.#session.order.invite(room, id)) notice(`${name} is invited.`);
    };
    return make('li', { class: 'person' },
      make('p', {}, avatar(id, name, this.#session.state.statusOf(id)), make('span', { class: 'who' }, name)),
      make('button', { type: 'button', class: 'quiet', onclick: invite, disabled: standing !== '',
        'aria-label': `Invite ${name}`, 'data-action': `invite ${id}` }, standing === '' ? 'Invite' : standing));
  }

  #address(room) {
    const address = addressOf(this.#base, room.id);
    return make('section', { 'aria-label': 'Address of the room' },
      make('h3', {}, 'Address'), make('p', { class: 'hint' }, 'Anybody may find this room, and join it.'),
      make('p', { class: 'code' }, address),
      make('button', { type: 'button', onclick: () => copy(address, 'The address is copied.') }, 'Copy the address'));
  }

  #people() {
    return make('section', { 'aria-label': 'Invite somebody' }, make('h3', {}, 'Somebody you know'), this.#known);
  }

  #linkForm(room) {
    const end = choice('For how long the link holds', ends);
    const many = choice('For how many the link is', uses);
    const form = make('form', { class: 'link-form' }, end, many, make('button', { type: 'submit' }, 'Make a link'));
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const limit = many.value === '' ? undefined : Number(many.value);
      const limits = { expiresAt: endOf(end.value, Date.now()), uses: limit };
      const made = await this.#session.order.makeLink(room, limits);
      if (!made) return;
      await this.#read(room);
      copy(addressOf(this.#base, room.id, made.invite), 'The link is made and copied.');
    });
    return make('section', { 'aria-label': 'Links' }, make('h3', {}, 'A link for whoever has it'), form, this.#links);
  }

  async #read(room) {
    const links = await this.#session.order.links(room);
    if (!this.#links?.isConnected) return;
    const now = Date.now();
    const good = links.filter(({ expiresAt, usesLeft }) => !(expiresAt <= now) && usesLeft !== 0).reverse();
    reconcile(this.#links, good, { key: ({ invite }) => invite, make: (link) => this.#link(room, link) });
  }

  #link(room, { invite, createdBy, expiresAt, usesLeft }) {
    const address = addressOf(this.#base, room.id, invite);
    const left = usesLeft === undefined ? 'any number of people' : count(usesLeft, 'person', 'people');
    const end = expiresAt === undefined ? 'without an end' : `until ${shortly(expiresAt)}`;
    const revoke = async () => {
      const text = 'Nobody comes in by it any longer. Who is in the room stays.';
      if (!await isSure({ title: 'Revoke this link?', text, yes: 'Revoke' })) return;
      if (await this.#session.order.revoke(room, invite)) this.#read(room);
    };
    return make('li', {}, make('p', { class: 'code' }, address),
      make('p', { class: 'hint' }, `For ${left}, ${end}, by ${room.nameOf(createdBy)}`),
      make('p', { class: 'row' },
        make('button', { type: 'button', class: 'quiet', 'data-action': 'copy',
          onclick: () => copy(address, 'The link is copied.') }, 'Copy'),
        make('button', { type: 'button', class: 'quiet danger', 'data-action': 'revoke', onclick: revoke }, 'Revoke')));
  }
}

function choice(label, options) {
  return make('select', { 'aria-label': label }, options.map(([value, text]) => make('option', { value }, text)));
}
