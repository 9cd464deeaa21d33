import type { Type as TypeBox } from 'typebox';

type Builder =
  | 'Array'
  | 'Boolean'
  | 'Enum'
  | 'Integer'
  | 'Literal'
  | 'Null'
  | 'Number'
  | 'Object'
  | 'Optional'
  | 'Partial'
  | 'Record'
  | 'String'
  | 'Union'
  | 'Unknown';
type Builders = Pick<typeof TypeBox, Builder>;
type Schema = Readonly<Record<string, unknown>>;

/**
 * The builders of TypeBox that schemas here are made with, and its types. Its own come with some 700 modules, which took
 * a third of the server's start to load. What they make is the same, marks included, so the two can be mixed.
 */
export const Type: Builders = {
  Array: (items: Schema, options?: Schema) => marked('Array', { type: 'array', items, ...options }),
  Boolean: (options?: Schema) => marked('Boolean', { type: 'boolean', ...options }),
  Enum: (values: readonly unknown[], options?: Schema) => marked('Enum', { enum: values, ...options }),
  Integer: (options?: Schema) => marked('Integer', { type: 'integer', ...options }),
  Literal: (value: unknown, options?: Schema) => marked('Literal', { type: typeof value, const: value, ...options }),
  Null: (options?: Schema) => marked('Null', { type: 'null', ...options }),
  Number: (options?: Schema) => marked('Number', { type: 'number', ...options }),
  Object: object,
  Optional: (schema: Schema) => mark({ ...schema }, { '~kind': schema['~kind'], '~optional': true }),
  Partial: (schema: Schema, options?: Schema) => {
    const { required: _, ...rest } = schema;
    const members = Object.entries(schema['properties'] as Schema);
    const properties = Object.fromEntries(members.map(([name, member]) => [name, Type.Optional(member as never)]));
    return marked('Object', { ...rest, properties, ...options });
  },
  Record: (_key: unknown, value: Schema, options?: Schema) =>
    marked('Record', { type: 'object', patternProperties: { '^.*$': value }, ...options }),
  String: (options?: Schema) => marked('String', { type: 'string', ...options }),
  Union: (anyOf: readonly Schema[], options?: Schema) => marked('Union', { anyOf, ...options }),
  Unknown: (options?: Schema) => marked('Unknown', { ...options }),
} satisfies Record<Builder, unknown> as unknown as Builders;

function object(properties: Readonly<Record<string, Schema>>, options?: Schema): Schema {
  const required = Object.keys(properties).filter((name) => properties[name]?.['~optional'] === undefined);
  return marked('Object', {
    type: 'object',
    ...(required.length > 0 && { required }),
    properties,
    ...options,
  });
}

function marked(kind: string, schema: Schema): Schema {
  return mark(schema, { '~kind': kind });
}

/** Marks are no part of the schema: they aren't enumerable, so neither validators nor the API's description see them. */
function mark(schema: Schema, marks: Schema): Schema {
  for (const [name, value] of Object.entries(marks)) Object.defineProperty(schema, name, { value });
  return schema;
}
