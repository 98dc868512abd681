// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

export interface Field {
  number: number;
  name: string;
  /** `json` is any value, as JSON text in bytes. */
  kind: 'int' | 'bool' | 'string' | 'json' | Enumeration | Schema;
  /** Left out where it has the value that its absence means. */
  implicit?: boolean;
  repeated?: boolean;
  /** Written only for values of this type; so one name may stand for two fields. */
  only?: 'number' | 'string';
}

export interface Enumeration {
  readonly numberOf: ReadonlyMap<string, number>;
  readonly names: ReadonlyMap<number, string>;
}

export interface Schema {
  readonly fields: readonly Field[];
  readonly byNumber: readonly (Field | undefined)[];
}

export function enumeration(numbers: Record<string, number>): Enumeration;
export function schema(fields: Field[]): Schema;
/** Writes what `type` has fields for. */
export function encode(message: object, type: Schema): Uint8Array;
/** Reads what `type` has fields for. Throws for bytes that are no message, or not of this type. */
export function decode(bytes: Uint8Array, type: Schema): Record<string, unknown>;
