// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TusUpload } from '../chat/tus-upload.js';
import { FakeTime } from '../testing/fake-time.js';

/** The server's side of tus 1.0, as a function like fetch. `plan` gives what goes wrong with each request. */
function server(plan = () => null) {
  const uploads = new Map();
  const log = [];
  async function take(url, { method, headers, body }) {
    const what = plan(method, log.length);
    log.push(method);
    if (what === 'lost') throw new TypeError('no network');
    if (what?.status) return new Response(JSON.stringify({ error: what }), { status: what.status });
    const answer = await serve(url, method, headers, body, what === 'half');
    if (what === 'answer lost' || what === 'half') throw new TypeError('no network');
    return answer;
  }
  async function serve(url, method, headers, body, isHalf) {
    assert.equal(headers['tus-resumable'], '1.0.0');
    assert.equal(headers.authorization, 'Bearer secret');
    if (method === 'POST') {
      const id = `u${uploads.size + 1}`;
      uploads.set(`http://h/v1/uploads/${id}`, { length: Number(headers['upload-length']),
        metadata: headers['upload-metadata'], bytes: [] });
      return new Response(null, { status: 201, headers: { location: `/v1/uploads/${id}` } });
    }
    const upload = uploads.get(url);
    if (!upload) return new Response('{"error":{"code":"not_found","retry":false}}', { status: 404 });
    const here = () => new Response(null, { status: 200, headers: { 'upload-offset': String(upload.bytes.length) } });
    if (method === 'HEAD') return here();
    if (Number(headers['upload-offset']) !== upload.bytes.length) return new Response('{"error":{"retry":false}}',
      { status: 409 });
    const bytes = [...new Uint8Array(await body.arrayBuffer())];
    upload.bytes = upload.bytes.concat(isHalf ? bytes.slice(0, bytes.length / 2) : bytes);
    return here();
  }
  return { fetch: take, uploads, log };
}

const content = Uint8Array.from({ length: 600_000 }, (_, index) => index % 251);

async function upload(plan, options = {}) {
  const time = new FakeTime();
  const { fetch, uploads, log } = server(plan);
  const progress = [];
  const tus = new TusUpload(new File([content], 'name é.bin'), {
    url: 'http://h/v1/uploads', token: 'secret', metadata: { filename: 'name é.bin' }, fetch, clock: time.options,
    progress: (sent) => progress.push(sent), ...options,
  });
  let state = 'running';
  const done = tus.run().then((location) => { state = 'done'; return location; }, (error) => { state = error; });
  // Reading a file takes real time.
  for (const end = Date.now() + 20_000; state === 'running' && Date.now() < end;) await time.pass(1000);
  const location = await done;
  return { tus, location, state, log, progress, upload: uploads.get(location), uploads };
}

test('a file goes in pieces, with its name', async () => {
  const { location, log, progress, upload: stored } = await upload();
  assert.equal(location, 'http://h/v1/uploads/u1');
  assert.deepEqual(log, ['POST', 'PATCH', 'PATCH', 'PATCH']);
  assert.deepEqual(progress, [0, 262_144, 524_288, 600_000]);
  assert.deepEqual(Uint8Array.from(stored.bytes), content);
  assert.equal(Buffer.from(stored.metadata.split(' ')[1], 'base64').toString(), 'name é.bin');
});

for (const fault of ['lost', 'half', 'answer lost']) {
  test(`it goes on where the server is after a connection that broke: ${fault}`, async () => {
    let patches = 0;
    const breaks = (method) => method === 'PATCH' && (patches += 1) % 2 === 1;
    const { state, log, upload: stored } = await upload((method) => (breaks(method) ? fault : null));
    assert.equal(state, 'done');
    assert.deepEqual(Uint8Array.from(stored.bytes), content);
    assert.ok(log.includes('HEAD'));
  });
}

test('it is created once, though the network fails at first, and waits where it is told to', async () => {
  const busy = { status: 503, code: 'overloaded', retry: true };
  const { state, uploads, log } = await upload((_, count) => (count < 2 ? 'lost' : count === 2 ? busy : null));
  assert.deepEqual([state, uploads.size, log.slice(0, 4)], ['done', 1, ['POST', 'POST', 'POST', 'POST']]);
});

test('what the server refuses is not tried again', async () => {
  const refusal = { status: 413, code: 'too_large', message: 'at most 1 MB', retry: false };
  const { state, log } = await upload(() => refusal);
  assert.deepEqual([state.code, state.message, log], ['too_large', 'at most 1 MB', ['POST']]);
});

test('an upload that was begun before goes on, and one that the server forgot begins anew', async () => {
  const { location, state, log, upload: stored } = await upload(undefined, { resumeAt: 'http://h/v1/uploads/gone' });
  assert.deepEqual([state, location, log.slice(0, 2)], ['done', 'http://h/v1/uploads/u1', ['HEAD', 'POST']]);
  assert.deepEqual(Uint8Array.from(stored.bytes), content);
});

test('given up, it sends nothing more', async () => {
  const time = new FakeTime();
  const { fetch, log } = server(() => 'lost');
  const tus = new TusUpload(new File([content], 'x'), {
    url: 'http://h/v1/uploads', token: 'secret', metadata: {}, fetch, clock: time.options,
  });
  const done = assert.rejects(tus.run(), { code: 'closed' });
  await time.pass(100);
  tus.stop();
  await done;
  await time.pass(100_000);
  assert.deepEqual([log, time.count], [['POST'], 0]);
});
