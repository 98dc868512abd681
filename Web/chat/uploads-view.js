// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { byId, make } from './chat-dom.js';
import { bytes } from './chat-words.js';
import { TusUpload } from './tus-upload.js';

/** The files of the message that is being written: each is on its way as soon as it is chosen. */
export class UploadsView {
  #list = byId('uploads');
  #files = [];
  #options;
  #changed;

  /** @param options `{ url, token(), describe(id), storage, clock, roomId() }`; `describe` as of `ChatAPI` */
  constructor(options, changed) {
    this.#options = options;
    this.#changed = changed;
    this.#listen();
  }

  get isBusy() {
    return this.#files.some(({ attachment }) => attachment === null);
  }

  get count() {
    return this.#files.length;
  }

  /** What was uploaded, to go with a message; the list is then empty. */
  take() {
    const attachments = this.#files.map(({ attachment }) => attachment);
    this.#files = [];
    this.#list.replaceChildren();
    return attachments;
  }

  add(files) {
    for (const file of files) this.#add(file);
    this.#changed();
  }

  #listen() {
    const [talk, input] = [byId('talk'), byId('files')];
    byId('attach').addEventListener('click', () => input.click());
    input.addEventListener('change', () => {
      this.add([...input.files]);
      input.value = '';
    });
    const hasFiles = (event) => event.dataTransfer?.types.includes('Files') && !byId('composer').hidden;
    talk.addEventListener('dragover', (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      talk.dataset.drop = 'true';
    });
    talk.addEventListener('dragleave', (event) => !talk.contains(event.relatedTarget) && delete talk.dataset.drop);
    talk.addEventListener('drop', (event) => {
      delete talk.dataset.drop;
      if (!hasFiles(event)) return;
      event.preventDefault();
      this.add([...event.dataTransfer.files]);
    });
    byId('text').addEventListener('paste', (event) => {
      const files = [...event.clipboardData.files];
      if (files.length === 0) return;
      event.preventDefault();
      this.add(files);
    });
  }

  #add(file) {
    const bar = make('progress', { max: Math.max(1, file.size), value: 0, 'aria-label': `Upload of ${file.name}` });
    const state = make('span', { class: 'hint' }, bytes(file.size));
    const entry = { file, attachment: null, upload: null };
    const element = make('li', {}, make('span', { class: 'file' }, file.name), bar, state,
      make('button', { type: 'button', class: 'quiet', 'aria-label': `Take ${file.name} away`,
        onclick: () => this.#drop(entry, element) }, '✕'));
    this.#list.append(element);
    this.#files.push(entry);
    this.#run(entry, bar, state);
  }

  async #run(entry, bar, state) {
    const { file } = entry;
    const note = noteOf(file, this.#options.roomId());
    const { url, token, storage, clock, roomId } = this.#options;
    entry.upload = new TusUpload(file, {
      url, clock, token: await token(), resumeAt: storage.note(note),
      metadata: { filename: file.name, filetype: file.type || 'application/octet-stream', room: roomId(),
        for: 'message' },
      progress: (sent) => { bar.value = sent; },
      created: (location) => storage.keepNote(note, location),
    });
    try {
      const location = await entry.upload.run();
      storage.keepNote(note, null);
      entry.attachment = await this.#describe(idIn(location));
      bar.value = bar.max;
    } catch (error) {
      if (error.code === 'closed') return;
      storage.keepNote(note, null);
      state.className = 'fault';
      state.textContent = error.message;
    }
    this.#changed();
  }

  /** Waits for the small picture too, a moment: nobody is told of the file before it is there. */
  async #describe(id) {
    const { describe, clock } = this.#options;
    let found = await describe(id);
    for (let pause = 100; found.isPending && pause < 2_000; pause *= 2) {
      await new Promise((resolve) => { clock.setTimeout(resolve, pause); });
      found = await describe(id);
    }
    return found.attachment;
  }

  #drop(entry, element) {
    entry.upload?.stop();
    this.#files = this.#files.filter((one) => one !== entry);
    element.remove();
    this.#changed();
    byId('text').focus();
  }
}

/** The same file, chosen again after the page was left, goes on where it was. */
function noteOf({ name, size, lastModified }, roomId) {
  return `upload.${roomId}.${name}.${size}.${lastModified}`;
}

function idIn(location) {
  return decodeURIComponent(new URL(location, globalThis.location.href).pathname.split('/').filter(Boolean).at(-1));
}
