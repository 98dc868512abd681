// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;
/** A varint of 64 bits has no more. */
const LONGEST_NUMBER = 10;
/** Shorter texts are read without a TextDecoder and written without a TextEncoder, which take longer to call than to do their work. */
const SHORT = 32;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function schema(fields) {
  const byNumber = [];
  for (const field of fields) {
    const isNumber = field.kind === 'int' || field.kind === 'bool' || field.kind.names !== undefined;
    byNumber[field.number] = { ...field, wireType: isNumber ? VARINT : BYTES };
  }
  return { fields: Object.values(byNumber), byNumber };
}

export function enumeration(numbers) {
  const numberOf = new Map(Object.entries(numbers));
  return { numberOf, names: new Map([...numberOf].map(([name, number]) => [number, name])) };
}

export function encode(message, type) {
  const start = length;
  try {
    writeMessage(message, type);
    return memory.slice(start, length);
  } finally {
    length = start;
  }
}

/** Throws a RangeError for bytes that are no message. */
export function decode(bytes, type) {
  return new Reader(bytes).message(type);
}

// All messages are written into the same memory, one behind the other if a `toJSON` writes one; what comes of it is a copy.
let memory = new Uint8Array(1024);
let length = 0;

function writeMessage(message, { fields }) {
  for (const field of fields) {
    const value = message[field.name];
    if (value === undefined || (value === null && field.kind !== 'json')) continue;
    if (field.only !== undefined && typeof value !== field.only) continue;
    if (field.repeated) for (const element of value) writeField(field, element);
    else if (!field.implicit || (value !== 0 && value !== '' && value !== false)) writeField(field, value);
  }
}

function writeField({ number, kind, wireType, implicit }, value) {
  if (kind.names !== undefined) return writeName(number, kind, value, implicit);
  writeVarint(number * 8 + wireType);
  if (wireType === VARINT) return writeVarint(Number(value));
  if (kind === 'string') return writeText(value);
  if (kind === 'json') return writeText(JSON.stringify(value));
  return writeLengthDelimited(() => writeMessage(value, kind));
}

function writeName(field, { numberOf }, name, implicit) {
  const number = numberOf.get(name);
  if (number === undefined) throw new TypeError(`there is no '${name}' here`);
  if (implicit && number === 0) return undefined;
  writeVarint(field * 8 + VARINT);
  return writeVarint(number);
}

function writeText(text) {
  reserve(text.length * 3 + LONGEST_NUMBER);
  if (text.length > SHORT || !writeShort(text)) writeLengthDelimited(() => writeEncoded(text));
}

/** Writes the text if it is ASCII. */
function writeShort(text) {
  const start = length;
  memory[length++] = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 0x80) {
      length = start;
      return false;
    }
    memory[length++] = code;
  }
  return true;
}

function writeEncoded(text) {
  length += encoder.encodeInto(text, memory.subarray(length)).written;
}

/** Most lengths have one byte; for a longer one what was written makes room. */
function writeLengthDelimited(body) {
  const start = length;
  reserve(1);
  length += 1;
  body();
  const count = length - start - 1;
  if (count < 0x80) {
    memory[start] = count;
    return;
  }
  const end = length;
  const room = varintLength(count) - 1;
  reserve(room);
  memory.copyWithin(start + 1 + room, start + 1, end);
  length = start;
  writeVarint(count);
  length = end + room;
}

function varintLength(value) {
  let bytes = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes += 1;
  return bytes;
}

function writeVarint(value) {
  reserve(LONGEST_NUMBER);
  if (value < 0) return writeNegative(value);
  let rest = value;
  while (rest >= 0x80) {
    memory[length++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  memory[length++] = rest;
  return undefined;
}

/** Two's complement of 64 bits. */
function writeNegative(value) {
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 0x80n) {
    memory[length++] = Number(rest & 0x7fn) | 0x80;
    rest >>= 7n;
  }
  memory[length++] = Number(rest);
}

function reserve(count) {
  if (length + count <= memory.length) return;
  const larger = new Uint8Array(Math.max(memory.length * 2, length + count));
  larger.set(memory.subarray(0, length));
  memory = larger;
}

class Reader {
  #bytes;
  #at = 0;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  message({ byNumber }) {
    const message = {};
    while (this.#at < this.#bytes.length) {
      const tag = this.#varint();
      const wireType = tag % 8;
      const number = Math.floor(tag / 8);
      if (number === 0) fail('a field without a number');
      const value = this.#value(wireType);
      const field = byNumber[number];
      if (!field) continue;
      if (wireType !== field.wireType) fail(`${field.name} is of another type`);
      const read = parse(field.kind, value);
      if (field.repeated) (message[field.name] ??= []).push(read);
      else message[field.name] = read;
    }
    return message;
  }

  #value(wireType) {
    switch (wireType) {
      case VARINT: return this.#varint();
      case BYTES: return this.#take(this.#varint());
      case FIXED64: return this.#take(8);
      case FIXED32: return this.#take(4);
      default: return fail(`there is no wire type ${wireType}`);
    }
  }

  #take(count) {
    if (!(count >= 0 && count <= this.#bytes.length - this.#at)) fail('longer than the message');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  #varint() {
    let value = 0;
    let factor = 1;
    for (let count = 1; count <= LONGEST_NUMBER; count += 1) {
      if (this.#at >= this.#bytes.length) fail('the message ends in a number');
      const byte = this.#bytes[this.#at++];
      // Only a number below zero has so many bytes, the last of which stands for its sign.
      if (count === LONGEST_NUMBER) return byte === 1 ? this.#signed() : fail('a number of more than 64 bits');
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
    return value;
  }

  /** The ten bytes before the cursor, as a number of 64 bits with a sign. */
  #signed() {
    let value = 0n;
    for (let index = 1; index <= LONGEST_NUMBER; index += 1) {
      value = (value << 7n) | BigInt(this.#bytes[this.#at - index] & 0x7f);
    }
    return Number(BigInt.asIntN(64, value));
  }
}

function fail(words) {
  throw new RangeError(words);
}

function parse(kind, value) {
  switch (kind) {
    case 'int': return value;
    case 'bool': return value !== 0;
    case 'string': return text(value);
    case 'json': return JSON.parse(text(value));
    default: return kind.names ? kind.names.get(value) ?? `type ${value}` : decode(value, kind);
  }
}

function text(bytes) {
  if (bytes.length > SHORT) return decoder.decode(bytes);
  let short = '';
  for (let index = 0; index < bytes.length; index += 1) {
    if (bytes[index] >= 0x80) return decoder.decode(bytes);
    short += String.fromCharCode(bytes[index]);
  }
  return short;
}
