import { Type as TypeBox } from 'typebox';
import { describe, expect, it } from 'vitest';

import { Type } from '../../src/http/type.ts';

type Builders = typeof Type;

/** One schema from each builder, and from their combinations that routes use. */
function schemasOf(T: Builders) {
  const name = T.String({ minLength: 1, description: 'a name' });
  const count = T.Integer({ minimum: 0, default: 3 });
  const facts = T.Object(
    { name, count: T.Optional(count), note: T.Optional(T.String()) },
    { additionalProperties: false },
  );
  return {
    name,
    count,
    facts,
    boolean: T.Boolean(),
    number: T.Number({ minimum: 0.5 }),
    enumeration: T.Enum(['a', 'b'], { description: 'one of two' }),
    literal: T.Literal('AES-256-GCM'),
    literalBoolean: T.Literal(true),
    nullable: T.Union([name, T.Null()]),
    optionalUnion: T.Optional(T.Union([count, T.Null()], { description: 'or nothing' })),
    list: T.Array(facts, { maxItems: 2, uniqueItems: true }),
    record: T.Record(T.String(), T.Integer()),
    partial: T.Partial(facts, { additionalProperties: false }),
    empty: T.Object({}, { additionalProperties: true }),
    allOptional: T.Object({ name: T.Optional(name) }),
    nested: T.Object({ facts, more: T.Object({ ...facts.properties, other: name }) }),
  };
}

/** Marks too, which JSON leaves out. */
function everythingOf(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(everythingOf);
  if (typeof schema !== 'object' || schema === null) return schema;
  const names = Object.getOwnPropertyNames(schema).sort();
  return names.map((name) => [
    name,
    Object.prototype.propertyIsEnumerable.call(schema, name),
    everythingOf((schema as Record<string, unknown>)[name]),
  ]);
}

describe('schema builders', () => {
  const ours = schemasOf(Type);
  const theirs = schemasOf(TypeBox);

  it.each(Object.keys(ours) as (keyof typeof ours)[])('make what TypeBox makes: %s', (name) => {
    expect(everythingOf(ours[name])).toEqual(everythingOf(theirs[name]));
  });

  it('can be mixed with those of TypeBox', () => {
    const mixed = TypeBox.Object({ a: Type.Optional(Type.String()), b: Type.Integer() });
    expect(mixed).toMatchObject({ required: ['b'] });
    expect(Type.Object({ a: TypeBox.Optional(TypeBox.String()), b: TypeBox.Integer() })).toMatchObject({
      required: ['b'],
    });
  });
});
