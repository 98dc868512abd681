// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import type { TransportOwner } from './http-transport.js';

/** The native protocol over /ws, for HibikiClient. */
export class WebSocketTransport {
  constructor(owner: TransportOwner);
  readonly name: 'websocket';
  readonly clientId: string | null;
  readonly isOpen: boolean;
  start(): void;
  stop(): void;
  carry(): void;
  changed(): void;
  send(message: object): void;
  request(message: object): Promise<any>;
}
