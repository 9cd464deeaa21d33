import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'vitest';

import { allSaid, readFirstRun } from './server-process.ts';

/** Where the server keeps what nobody else may know. */
const SECRET_FILES = ['keyring-secret', 'audit-hmac-secret', 'postgres/veritrail-owner-password'];

/** The greeting of the first start says these, and nothing else does. */
const GREETED = ['password', 'api_secret'] as const;

/**
 * Neither the diagnostics nor anything else that the programs of this test file said holds a secret: none of the data
 * directory, and none of those given, such as settings and tokens. `greetings` is how often a first start greeted.
 */
export function expectNoSecretSaid(dataDirectory: string, others: readonly string[], greetings: number): void {
  const { stdout, stderr } = allSaid();
  expect(stderr.length).toBeGreaterThan(0);
  const firstRun = readFirstRun(dataDirectory);
  const kept = SECRET_FILES.map((name) => join(dataDirectory, name))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, 'utf8').trim());
  for (const secret of [...kept, ...others]) {
    expect(secret.length, 'a secret worth looking for').toBeGreaterThanOrEqual(12);
    expect(stderr.includes(secret), 'a secret in the diagnostics').toBe(false);
    expect(stdout.includes(secret), 'a secret in what it printed').toBe(false);
  }
  for (const member of GREETED) {
    expect(stderr.includes(firstRun[member]), `${member} in the diagnostics`).toBe(false);
    const perGreeting = member === 'password' ? 1 : 2;
    expect(stdout.split(firstRun[member]).length - 1, `how often ${member} was printed`).toBe(greetings * perGreeting);
  }
}
