// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** Reads what lib0 writes: numbers of seven bits a byte, and bytes behind their number. What ends too early throws. */
export class ByteReader {
  #bytes;
  #position = 0;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  get isAtEnd() {
    return this.#position >= this.#bytes.length;
  }

  number() {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 49; factor *= 128) {
      if (this.isAtEnd) break;
      const byte = this.#bytes[this.#position];
      this.#position += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    throw new RangeError('not a number');
  }

  bytes() {
    const length = this.number();
    if (length > this.#bytes.length - this.#position) throw new RangeError('cut off');
    this.#position += length;
    return this.#bytes.subarray(this.#position - length, this.#position);
  }

  text() {
    return new TextDecoder().decode(this.bytes());
  }
}

/** Writes what a ByteReader reads. */
export class ByteWriter {
  #bytes = [];

  number(value) {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.#bytes.push((rest % 128) | 128);
    this.#bytes.push(rest);
    return this;
  }

  bytes(bytes) {
    this.number(bytes.length);
    for (const byte of bytes) this.#bytes.push(byte);
    return this;
  }

  text(text) {
    return this.bytes(new TextEncoder().encode(text));
  }

  end() {
    return Uint8Array.from(this.#bytes);
  }
}
