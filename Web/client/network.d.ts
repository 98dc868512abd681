// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** What the window says about the network. It may be wrong about being offline, so nothing waits for `online` alone. */
export class Network {
  constructor(options?: { network?: EventTarget | null; isOnline?: () => boolean });
  readonly isOnline: boolean;
  /** @returns a function that removes the handler. */
  onOnline(handler: () => void): () => void;
}
