// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

export class HibikiError extends Error {
  constructor(code, message, { retry = false, status = 0, retryAfter = null, topic, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'HibikiError';
    this.code = code;
    this.retry = retry;
    this.status = status;
    this.retryAfter = retryAfter;
    if (topic !== undefined) this.topic = topic;
  }
}

export function takenOut(topic) {
  return new HibikiError('unsubscribed', `the server has taken this client out of ${topic}`);
}

export function disconnected(reason) {
  return new HibikiError('disconnected', reason || 'the server has ended this client');
}
