// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** What the server has answered in the place of what was asked for. */
export class Refusal extends Error {
  constructor(status, code, message, retryAfter) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** Told when an answer says that the session is over. */
let whenOver = () => {};

export function onSessionOver(listener) {
  whenOver = listener;
}

export function get(path, query = {}) {
  const wanted = Object.entries(query).filter(([, value]) => value !== undefined && value !== '' && value !== null);
  const text = new URLSearchParams(wanted).toString();
  return request('GET', text === '' ? path : `${path}?${text}`);
}

export function post(path, body) {
  return request('POST', path, body);
}

async function request(method, path, body) {
  const headers = { 'X-Hibiki-Admin': '1' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const answer = await fetch(`/admin/api/${path}`, {
    method, headers, cache: 'no-store', credentials: 'same-origin', redirect: 'error',
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  const refusal = await refusalOf(answer);
  if (refusal.status === 401 && path !== 'login') whenOver();
  throw refusal;
}

async function refusalOf(answer) {
  let error = {};
  try {
    error = (await answer.json()).error ?? {};
  } catch {
    // The status says enough.
  }
  const retryAfter = Number(answer.headers.get('Retry-After')) || undefined;
  return new Refusal(answer.status, error.code ?? '', error.message ?? `the server says ${answer.status}`, retryAfter);
}
