import { errorCodes } from 'fastify';
import { expect, it } from 'vitest';

import { refusalOf } from '../../src/http/problems.ts';

const REFUSED = [400, 404, 413, 415];
const statusOf = (error: unknown): number => refusalOf(error, { id: 'x', headers: {} }).problem.status;

it('what Fastify blames on the caller is never an error of ours', () => {
  const blamed = Object.values(errorCodes)
    .map((make) => new make('something'))
    .filter((error) => (error.statusCode ?? 500) < 500);
  expect(blamed.length).toBeGreaterThan(5);
  for (const error of blamed) expect([error.code, statusOf(error)]).toEqual([error.code, expect.toBeOneOf(REFUSED)]);
});

it('what is blamed on the caller by anything else is', () => {
  expect(statusOf(Object.assign(new Error('of another kind'), { statusCode: 400, code: 'ENOENT' }))).toBe(500);
  expect([statusOf(undefined), statusOf(null), statusOf('text')]).toEqual([500, 500, 500]);
});
