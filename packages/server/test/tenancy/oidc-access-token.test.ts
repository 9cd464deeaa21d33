import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';

import { base64url, CompactSign, decodeJwt, exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createOidcVerifier } from '../../src/tenancy/oidc-access-token.ts';
import type { OidcVerifierOptions, OidcVerifierSettings } from '../../src/tenancy/oidc-access-token.ts';
import { AUDIENCE, startIssuer } from './oidc-issuer.ts';
import type { Issuer } from './oidc-issuer.ts';

let idp: Issuer;
let later = 0;
const clock = (): Date => new Date(Date.now() + later);

beforeAll(async () => {
  idp = await startIssuer({ algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'] });
});
afterAll(() => idp.stop());
beforeEach(() => {
  idp.overrides.clear();
  idp.requests.clear();
  later = 0;
});

function verifier(settings: Partial<OidcVerifierSettings> = {}, options: Partial<OidcVerifierOptions> = {}) {
  return createOidcVerifier(
    { issuer: idp.issuer, audience: AUDIENCE, tokenTypes: ['at+jwt', 'jwt'], ...settings },
    { clock, ...options },
  );
}

function seconds(offset = 0): number {
  return Math.floor(Date.now() / 1000) + offset;
}

/** Claims of a token that is right in everything and needs no userinfo. */
function claims(change: Record<string, unknown> = {}) {
  return {
    iss: idp.issuer,
    aud: AUDIENCE,
    sub: 'alice',
    exp: seconds(600),
    email: 'alice@example.com',
    email_verified: true,
    ...change,
  };
}

const json =
  (body: unknown, status = 200) =>
  (_: unknown, response: ServerResponse) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

const invalid = expect.objectContaining({ name: 'TenancyError', code: 'token_invalid' });
const unavailable = expect.objectContaining({
  name: 'TenancyError',
  code: 'identity_provider_unavailable',
  retryAfterSeconds: 5,
});

describe('a token that the provider issued', () => {
  it('to a user is that user', async () => {
    const { accessToken } = await idp.userTokens('alice');
    expect(await verifier().verify(accessToken)).toEqual({
      issuer: idp.issuer,
      subject: 'alice',
      emailVerified: false,
      expiresAt: decodeJwt(accessToken).exp,
    });
    // The real provider refuses a token for us at its own userinfo endpoint, and the token stays valid.
    expect(idp.requests.get('/me')).toBe(1);
  });

  it('to a client is that client', async () => {
    expect(await verifier().verify(await idp.clientToken())).toMatchObject({ subject: 'cli', emailVerified: false });
  });

  it('carries e-mail and name where the provider puts them in', async () => {
    const own = await startIssuer({
      extraClaims: (account) => ({ email: `${account}@example.com`, email_verified: true, name: 'Alice Ångström' }),
    });
    try {
      const { accessToken } = await own.userTokens('alice');
      const identity = await verifier({ issuer: own.issuer }).verify(accessToken);
      expect(identity).toMatchObject({ email: 'alice@example.com', emailVerified: true, name: 'Alice Ångström' });
      expect(own.requests.get('/me')).toBeUndefined();
    } finally {
      await own.stop();
    }
  });

  it('is expired half a minute after its expiry and not before', async () => {
    const token = await idp.clientToken();
    later = 3600_000 + 25_000;
    expect(await verifier().verify(token)).toMatchObject({ subject: 'cli' });
    later = 3600_000 + 31_000;
    await expect(verifier().verify(token)).rejects.toMatchObject({ code: 'token_expired' });
  });

  it('for the client itself, the ID token, is no access token', async () => {
    const { idToken } = await idp.userTokens('alice');
    await expect(verifier().verify(idToken)).rejects.toEqual(invalid);
  });

  it('for another audience is refused', async () => {
    await expect(verifier({ audience: 'https://other.example' }).verify(await idp.clientToken())).rejects.toThrow(
      'Send an access token that was issued for this service.',
    );
  });

  it('is refused with any one character changed', async () => {
    const token = await idp.clientToken();
    const checker = verifier();
    const bytes = (text: string): Buffer =>
      Buffer.concat(text.split('.').map((part) => Buffer.concat([Buffer.from(part, 'base64url'), Buffer.from('.')])));
    for (let at = 0; at < token.length; at += 7) {
      const other = token[at] === 'A' ? 'B' : 'A';
      const changed = token.slice(0, at) + other + token.slice(at + 1);
      // The last character of a part has bits that stand for nothing.
      if (bytes(changed).equals(bytes(token))) continue;
      await expect(checker.verify(changed), `changed at ${at}`).rejects.toEqual(invalid);
    }
  });

  it('and signed by each accepted algorithm verifies', async () => {
    const checker = verifier();
    for (const alg of ['RS256', 'PS256', 'ES256', 'EdDSA']) {
      expect(await checker.verify(await idp.sign(claims(), { alg })), alg).toEqual({
        issuer: idp.issuer,
        subject: 'alice',
        email: 'alice@example.com',
        emailVerified: true,
        expiresAt: expect.any(Number) as number,
      });
    }
  });
});

describe('a forged token is refused', () => {
  it('with no signature at all', async () => {
    const header = base64url.encode(JSON.stringify({ alg: 'none', typ: 'at+jwt' }));
    const payload = base64url.encode(JSON.stringify(claims()));
    for (const token of [`${header}.${payload}.`, `${header}.${payload}.AAAA`, `${header}.${payload}`]) {
      await expect(verifier().verify(token)).rejects.toEqual(invalid);
    }
  });

  it("with the public key as an HMAC secret, whatever the key's id", async () => {
    const key = idp.keys.find(({ alg }) => alg === 'RS256');
    if (key === undefined) throw new Error('no RS256 key');
    const jwks = await (await fetch(`${idp.issuer}/jwks`)).text();
    for (const secret of [await exportSPKI(key.publicKey), jwks]) {
      for (const header of [{ kid: key.kid }, {}]) {
        const token = await new SignJWT(claims())
          .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', ...header })
          .sign(new TextEncoder().encode(secret));
        await expect(verifier().verify(token)).rejects.toEqual(invalid);
      }
    }
  });

  it('with another key under the id of a real one, or one that it brings along', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const { kid } = idp.keys[0] ?? { kid: '' };
    const jwk = await exportJWK(publicKey);
    for (const header of [{ kid }, { kid, jwk }, { kid, jku: 'http://127.0.0.1:1/jwks' }]) {
      const token = await new SignJWT(claims())
        .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', ...header })
        .sign(privateKey);
      await expect(verifier().verify(token)).rejects.toEqual(invalid);
    }
  });

  it('with a real key and an algorithm beyond the four', async () => {
    const own = await startIssuer({ algorithms: ['RS512', 'RS256'] });
    try {
      const token = await own.sign(claims({ iss: own.issuer }), { alg: 'RS512' });
      await expect(verifier({ issuer: own.issuer }).verify(token)).rejects.toEqual(invalid);
    } finally {
      await own.stop();
    }
  });

  it('with an unknown key id, and asks the issuer for keys no more than once meanwhile', async () => {
    const checker = verifier();
    for (let n = 0; n < 10; n += 1) {
      const token = await idp.sign(claims(), { kid: `unknown-${n}` });
      await expect(checker.verify(token)).rejects.toEqual(invalid);
    }
    expect(idp.requests.get('/jwks')).toBe(1);
    expect(idp.requests.get('/.well-known/openid-configuration')).toBe(1);
  });

  it('with no key id, where several keys could have signed it', async () => {
    const own = await startIssuer({ algorithms: ['ES256', 'ES256', 'RS256'] });
    try {
      const checker = verifier({ issuer: own.issuer });
      const sign = (alg: string) => own.sign(claims({ iss: own.issuer }), { alg, kid: undefined });
      await expect(checker.verify(await sign('ES256'))).rejects.toEqual(invalid);
      expect(await checker.verify(await sign('RS256'))).toMatchObject({ subject: 'alice' });
    } finally {
      await own.stop();
    }
  });
});

describe('a properly signed token is refused', () => {
  it.each([
    ['of another issuer', { iss: 'https://evil.example' }],
    ['of the issuer with a slash', { iss: 'slash' }],
    ['without issuer', { iss: undefined }],
    ['for another audience', { aud: 'https://other.example' }],
    ['for several others', { aud: ['https://other.example', `${AUDIENCE}/`] }],
    ['without audience', { aud: undefined }],
    ['without subject', { sub: undefined }],
    ['with an empty subject', { sub: '' }],
    ['with a subject that is no text', { sub: 7 }],
    ['with NUL in its subject', { sub: 'a\0b' }],
    ['with a lone surrogate in its subject', { sub: 'a\ud800' }],
    ['with an endless subject', { sub: 'x'.repeat(256) }],
    ['without expiry', { exp: undefined }],
    ['with a textual expiry', { exp: '2999-01-01' }],
    ['with an expiry past all dates', { exp: 1e20 }],
    ['not valid yet', { nbf: seconds(60) }],
    ['bound to a key', { cnf: { jkt: 'x' } }],
  ])('%s', async (_, change) => {
    if ('iss' in change && change.iss === 'slash') change.iss = `${idp.issuer}/`;
    await expect(verifier().verify(await idp.sign(claims(change)))).rejects.toEqual(invalid);
  });

  it('that says it never expires', async () => {
    const payload = JSON.stringify(claims({ exp: 0 })).replace('"exp":0', '"exp":1e400');
    const key = idp.keys[0];
    if (key === undefined) throw new Error('no key');
    const token = await new CompactSign(new TextEncoder().encode(payload))
      .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt' })
      .sign(key.privateKey);
    await expect(verifier().verify(token)).rejects.toEqual(invalid);
  });

  it('once it has expired', async () => {
    const token = await idp.sign(claims({ exp: seconds(-31) }));
    await expect(verifier().verify(token)).rejects.toMatchObject({ code: 'token_expired' });
  });

  it('of a type that the settings do not name', async () => {
    const strict = verifier({ tokenTypes: ['at+jwt'] });
    expect(await strict.verify(await idp.sign(claims(), { typ: 'application/AT+JWT' }))).toMatchObject({
      subject: 'alice',
    });
    for (const typ of ['JWT', 'logout+jwt', 'dpop+jwt', '']) {
      await expect(strict.verify(await idp.sign(claims(), { typ })), typ).rejects.toEqual(invalid);
    }
    expect(await verifier({ tokenTypes: ['jwt'] }).verify(await idp.sign(claims(), { typ: 'JWT' }))).toMatchObject({
      subject: 'alice',
    });
    const untyped = await idp.sign(claims(), { typ: undefined });
    await expect(strict.verify(untyped)).rejects.toEqual(invalid);
    await expect(verifier({ tokenTypes: [''] }).verify(untyped)).rejects.toEqual(invalid);
    expect(await verifier({ tokenTypes: ['none'] }).verify(untyped)).toMatchObject({ subject: 'alice' });
  });
});

describe('what is no token', () => {
  it.each(['', '.', '..', 'a.b.c', 'x'.repeat(100_000), 'e30.'.repeat(3), 'e30.e30.e30', 'bnVsbA.bnVsbA.', '💥.💥.💥'])(
    'is refused without asking anyone (%#)',
    async (token) => {
      await expect(verifier().verify(token)).rejects.toEqual(invalid);
      expect(idp.requests.size).toBe(0);
    },
  );

  it('or is of another issuer is refused without asking anyone', async () => {
    await expect(verifier().verify(await idp.sign(claims({ iss: 'https://evil.example' })))).rejects.toEqual(invalid);
    expect(idp.requests.size).toBe(0);
  });
});

describe('keys', () => {
  it('that the issuer rotated in are found, and those rotated out verify no more', async () => {
    const checker = verifier({}, { keySetCooldownMs: 0 });
    const before = await idp.sign(claims());
    await checker.verify(before);
    await idp.rotate();
    expect(await checker.verify(await idp.sign(claims()))).toMatchObject({ subject: 'alice' });
    await expect(checker.verify(before)).rejects.toEqual(invalid);
  });

  it('are fetched once for many tokens at once', async () => {
    const checker = verifier();
    const token = await idp.sign(claims());
    await Promise.all(Array.from({ length: 20 }, () => checker.verify(token)));
    expect(idp.requests.get('/jwks')).toBe(1);
    expect(idp.requests.get('/.well-known/openid-configuration')).toBe(1);
  });

  it('come from the address in the settings if there is one', async () => {
    const token = await idp.sign(claims());
    expect(await verifier({ jwksUri: `${idp.issuer}/jwks` }).verify(token)).toMatchObject({ subject: 'alice' });
    expect(idp.requests.get('/.well-known/openid-configuration')).toBeUndefined();
  });
});

describe('an issuer that does not answer properly', () => {
  const cases: [string, string, (_: unknown, response: ServerResponse) => void][] = [
    ['its key set is down', '/jwks', json({}, 503)],
    ['its key set is missing', '/jwks', json({}, 404)],
    ['its key set is no key set', '/jwks', json({ keys: 7 })],
    ['its key set is no JSON', '/jwks', (_, response) => response.end('<html>')],
    ['its key set is elsewhere', '/jwks', (_, response) => response.writeHead(302, { location: '/moved' }).end()],
    ['its key set has no end', '/jwks', (_, response) => response.end(`{"keys":[],"x":"${'x'.repeat(300_000)}"}`)],
    [
      'its key set breaks off',
      '/jwks',
      (_, response) => {
        response.writeHead(200, { 'content-length': '1000' }).write('{"keys":[');
        setTimeout(() => response.destroy(), 20);
      },
    ],
    ['its key set never comes', '/jwks', () => undefined],
    ['its discovery is down', '/.well-known/openid-configuration', json({}, 500)],
    [
      'its discovery is of another',
      '/.well-known/openid-configuration',
      (_, response) => json({ issuer: 'https://evil.example', jwks_uri: `${idp.issuer}/jwks` })(_, response),
    ],
    [
      'its discovery names no keys',
      '/.well-known/openid-configuration',
      (_, response) => json({ issuer: idp.issuer })(_, response),
    ],
    [
      'its keys would come over plain http',
      '/.well-known/openid-configuration',
      (_, response) => json({ issuer: idp.issuer, jwks_uri: 'http://keys.example/jwks' })(_, response),
    ],
  ];
  it.each(cases)('is unavailable, and nothing is accepted: %s', async (_, path, handler) => {
    idp.overrides.set('/moved', json(await (await fetch(`${idp.issuer}/jwks`)).json()));
    idp.overrides.set(path, handler);
    idp.requests.clear();
    const token = await idp.sign(claims());
    const checker = verifier({}, { timeoutMs: path === '/jwks' ? 500 : 5000 });
    await expect(checker.verify(token)).rejects.toEqual(unavailable);
    expect(idp.requests.get(path)).toBe(1);

    // Not asked again at once, then asked again and well.
    await expect(checker.verify(token)).rejects.toEqual(unavailable);
    expect(idp.requests.get(path)).toBe(1);
    idp.overrides.clear();
    later = 5_000;
    expect(await checker.verify(token)).toMatchObject({ subject: 'alice' });
  });

  it('is unavailable when nothing listens', async () => {
    const own = await startIssuer();
    const token = await own.sign(claims({ iss: own.issuer }));
    const checker = verifier({ issuer: own.issuer });
    await own.stop();
    await expect(checker.verify(token)).rejects.toEqual(unavailable);
  });

  it('is not needed for a token whose key is known', async () => {
    const checker = verifier();
    await checker.verify(await idp.sign(claims()));
    idp.overrides.set('/jwks', json({}, 503));
    expect(await checker.verify(await idp.sign(claims()))).toMatchObject({ subject: 'alice' });
  });
});

describe('a token without e-mail', () => {
  const bare = (change: Record<string, unknown> = {}) =>
    claims({ email: undefined, email_verified: undefined, ...change });

  it('gets it from userinfo, asked once with the token', async () => {
    const sent: (string | undefined)[] = [];
    idp.overrides.set('/me', (request, response) => {
      sent.push(request.headers.authorization);
      json({ sub: 'alice', email: 'alice@example.com', email_verified: true, name: 'Alice' })(request, response);
    });
    const checker = verifier();
    const token = await idp.sign(bare());
    const identities = await Promise.all([1, 2, 3].map(() => checker.verify(token)));
    for (const identity of [...identities, await checker.verify(token)]) {
      expect(identity).toMatchObject({ email: 'alice@example.com', emailVerified: true, name: 'Alice' });
    }
    expect(sent).toEqual([`Bearer ${token}`]);
    await checker.verify(await idp.sign(bare({ jti: randomBytes(8).toString('hex') })));
    expect(sent).toHaveLength(2);
  });

  it('is refused if userinfo is about somebody else', async () => {
    for (const body of [{ sub: 'bob', email: 'bob@example.com' }, { email: 'bob@example.com' }]) {
      idp.overrides.set('/me', json(body));
      await expect(verifier().verify(await idp.sign(bare()))).rejects.toEqual(invalid);
    }
  });

  it('is not taken to userinfo before its signature is checked', async () => {
    const token = await idp.sign(bare());
    await expect(verifier().verify(`${token.slice(0, -8)}AAAAAAAA`)).rejects.toEqual(invalid);
    expect(idp.requests.get('/me')).toBeUndefined();
  });

  it.each([
    ['refuses', json({ error: 'insufficient_scope' }, 403)],
    ['has none', json({ sub: 'alice', email_verified: true })],
    ['has one that is no text', json({ sub: 'alice', email: ['a@example.com'], email_verified: true })],
    ['has one that can not be stored', json({ sub: 'alice', email: 'a\0@example.com', email_verified: true })],
  ])('has no e-mail, verified or not, if userinfo %s', async (_, handler) => {
    idp.overrides.set('/me', handler);
    const identity = await verifier().verify(await idp.sign(bare()));
    expect(identity).toMatchObject({ subject: 'alice', emailVerified: false });
    expect(identity).not.toHaveProperty('email');
  });

  it.each([
    ['is down', json({}, 502)],
    ['is too busy', json({}, 429)],
    ['never answers', () => undefined],
    ['answers too much', json({ sub: 'alice', x: 'x'.repeat(300_000) })],
  ])('is not decided on while userinfo %s', async (_, handler) => {
    idp.overrides.set('/me', handler);
    const checker = verifier({}, { timeoutMs: 500 });
    const token = await idp.sign(bare());
    await expect(checker.verify(token)).rejects.toEqual(unavailable);
    idp.overrides.set('/me', json({ sub: 'alice', email: 'alice@example.com' }));
    expect(await checker.verify(token)).toMatchObject({ email: 'alice@example.com', emailVerified: false });
  });

  it('has none where the key set is from the settings, as there may be no discovery', async () => {
    idp.overrides.set('/.well-known/openid-configuration', json({}, 404));
    const identity = await verifier({ jwksUri: `${idp.issuer}/jwks` }).verify(await idp.sign(bare()));
    expect(identity).toMatchObject({ subject: 'alice', emailVerified: false });
    expect([...idp.requests.keys()]).toEqual(['/jwks']);
  });

  it('has the one in the claim that the settings name', async () => {
    const checker = verifier({ emailClaim: 'https://example.com/mail' });
    const token = await idp.sign(bare({ 'https://example.com/mail': 'a@example.com', email_verified: 'true' }));
    expect(await checker.verify(token)).toMatchObject({ email: 'a@example.com', emailVerified: true });
  });
});

describe('an issuer', () => {
  it.each([
    'http://idp.example',
    'http://127.0.0.1.example',
    'ftp://127.0.0.1',
    'idp.example',
    'https://idp.example/?x=1',
    'https://idp.example/#x',
    '',
  ])('%s is refused as a setting', (issuer) => {
    expect(() => verifier({ issuer })).toThrow(expect.objectContaining({ code: 'setting_invalid' }) as Error);
  });

  it.each(['https://idp.example/', 'http://localhost:8080', 'http://[::1]:8080/realms/x'])(
    '%s is accepted',
    (issuer) => {
      expect(() => verifier({ issuer })).not.toThrow();
    },
  );

  it('on https is not served by keys over plain http', () => {
    for (const jwksUri of ['http://127.0.0.1/jwks', 'http://idp.example/jwks', 'jwks']) {
      expect(() => verifier({ issuer: 'https://idp.example', jwksUri })).toThrow(
        expect.objectContaining({ code: 'setting_invalid' }) as Error,
      );
    }
  });
});
