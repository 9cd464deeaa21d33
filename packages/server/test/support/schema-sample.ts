import { randomUUID } from 'node:crypto';

import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** A JSON Schema, as far as the OpenAPI document uses it. */
export interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly minLength?: number;
}

const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));

const compiled = new WeakMap<Schema, ValidateFunction>();

/** What is wrong with a value by a schema; nothing if it is right. Members that objects don't name are wrong too. */
export function faultsOf(schema: Schema, value: unknown): string[] {
  const validate = compiled.get(schema) ?? ajv.compile(closed(schema) as object);
  compiled.set(schema, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    (error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
  );
}

/** The same with every object closed that names its members and doesn't say that there may be others. */
function closed(schema: Schema): Schema {
  if (Array.isArray(schema)) return schema.map((one) => closed(one as Schema)) as unknown as Schema;
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([name, part]) => [name, name === 'enum' ? part : closed(part as Schema)]);
  const copy = Object.fromEntries(entries) as Schema;
  return copy.properties !== undefined && copy.additionalProperties === undefined
    ? { ...copy, additionalProperties: false }
    : copy;
}

/**
 * Values that a schema allows: with every member and with only those that it asks for, for each of its alternatives.
 *
 * @throws Error if a text is asked for that none of the texts known here is
 */
export function samplesOf(schema: Schema): unknown[] {
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap(samplesOf);
  return [sample(schema, true), sample(schema, false)];
}

function sample(schema: Schema, whole: boolean): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf !== undefined) return sample(schema.anyOf[0] ?? {}, whole);
  switch (schema.type) {
    case 'boolean':
      return true;
    case 'null':
      return null;
    case 'integer':
    case 'number':
      return schema.minimum ?? 7;
    case 'array':
      return Array.from({ length: whole ? Math.max(1, schema.minItems ?? 0) : (schema.minItems ?? 0) }, () =>
        sample(schema.items ?? {}, whole),
      );
    case 'object': {
      const names = Object.keys(schema.properties ?? {}).filter((name) => whole || schema.required?.includes(name));
      return Object.fromEntries(names.map((name) => [name, sample(schema.properties?.[name] ?? {}, whole)]));
    }
    case 'string':
      return text(schema);
    case undefined:
    default:
      throw new Error(`no sample for ${JSON.stringify(schema)}`);
  }
}

function text(schema: Schema): string {
  const known = [
    'text',
    randomUUID(),
    '2026-06-07T02:00:14Z',
    '2026-06-07',
    `${randomUUID()}@example.com`,
    '192.0.2.1',
    '2001:db8::1',
    'a text that is somewhat longer',
    'x'.repeat(43),
  ];
  // Formats and patterns choose by themselves.
  const found = known.find((one) => faultsOf(schema, one).length === 0);
  if (found === undefined) throw new Error(`no text for ${JSON.stringify(schema)}`);
  return found;
}
