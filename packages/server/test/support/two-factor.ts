import { createHmac } from 'node:crypto';

import type { TestServer } from './test-server.ts';
import { insist, type Person } from './world.ts';

const PATH = '/api/v1/auth/two-factor';
const STEP_MS = 30_000;

/** RFC 6238 and RFC 4226, once more: what an authenticator app shows `steps` time steps from now. */
export function codeOf(secret: string, steps = 0, at = Date.now()): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / STEP_MS) + steps));
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const number = mac.readUInt32BE((mac.at(-1) ?? 0) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** A code that is none of those that are valid about now. */
export function wrongCodeOf(secret: string): string {
  const near = [-2, -1, 0, 1, 2].map((steps) => codeOf(secret, steps));
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.includes(code)) ?? '';
}

export async function beginTwoFactor(
  server: TestServer,
  person: Pick<Person, 'bearer' | 'password'>,
): Promise<{ secret: string; uri: string }> {
  const body = { password: person.password };
  return (await insist(server.call)(200, 'POST', PATH, { auth: person.bearer, body })).json as {
    secret: string;
    uri: string;
  };
}

/** Takes the code of the step before this one, so that two are left. */
export async function turnOnTwoFactor(
  server: TestServer,
  person: Pick<Person, 'bearer' | 'password'>,
): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { secret } = await beginTwoFactor(server, person);
  const body = { code: codeOf(secret, -1) };
  const answer = await insist(server.call)(200, 'POST', `${PATH}/confirm`, { auth: person.bearer, body });
  return { secret, recoveryCodes: (answer.json as { recovery_codes: string[] }).recovery_codes };
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
