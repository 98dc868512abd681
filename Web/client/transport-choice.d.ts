// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import type { Transport } from './hibiki-client.js';
import type { ClientTransport, TransportOwner } from './http-transport.js';

export interface ChoiceOwner extends TransportOwner {
  /** The transport has not said its first word in time. */
  late(transport: ClientTransport): void;
}

export class TransportChoice {
  constructor(owner: ChoiceOwner, names: Transport[]);
  readonly current: ClientTransport | null;
  readonly isReady: boolean;
  restart(names?: Transport[]): void;
  stop(): void;
  changed(): void;
  tryBetter(): void;
  ready(transport: ClientTransport): boolean;
  failed(transport: ClientTransport, isFinal: boolean): boolean;
}
