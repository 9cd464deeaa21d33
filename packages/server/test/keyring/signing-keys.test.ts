import { createPublicKey, randomBytes, verify } from 'node:crypto';

import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { readSigningKeys, retireSigningKeyBeside, rotateSigningKeyBeside } from '../../src/change-signing-keys.ts';
import { requireSigningKey, signPacket, type PacketSignatureBytes } from '../../src/keyring/packet-signer.ts';
import { publishSigningKeys, type PublishedSigningKey } from '../../src/keyring/signing-keys.ts';
import { tellSigningKeyChanges } from '../../src/trail/tell-signing-key-changes.ts';
import { makeKeyScene, type KeyScene, type OpenHouse } from '../support/key-scene.ts';
import { asOwner } from '../support/test-server.ts';

const settings = { AUDIT_HMAC_SECRET: 'the-secret-of-the-audit-mac' };
const diagnostics = pino({ level: 'silent' });
const MESSAGE = Buffer.from('{"a":1}');

let scene: KeyScene;
beforeEach(async () => {
  scene = await makeKeyScene();
});
afterEach(() => scene.remove());

const published = (): Promise<PublishedSigningKey[]> => readSigningKeys(scene.configure(settings), diagnostics);
const rotate = (): Promise<{ from: string | undefined; to: string }> =>
  rotateSigningKeyBeside(scene.configure(settings), diagnostics);
const retire = (keyId: string, forget = false): ReturnType<typeof retireSigningKeyBeside> =>
  retireSigningKeyBeside(scene.configure(settings), diagnostics, keyId, { forget });
const code = (wanted: string): unknown => expect.objectContaining({ code: wanted });
const month = (): string => new Date().toISOString().slice(0, 7);

/** OpenSSL's word, under what is published. */
function holds(
  { keyId, signature }: PacketSignatureBytes,
  message: Buffer,
  keys: readonly PublishedSigningKey[],
): boolean {
  const entry = keys.find((key) => key.key_id === keyId);
  if (entry === undefined) return false;
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(entry.public_key, 'base64')]);
  return verify(null, message, createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature);
}

describe('the first start', () => {
  it('makes one key, whose signatures hold under what is published; later starts keep it', async () => {
    const house = await scene.open(settings);
    const signed = await signPacket(house.keyring.packetSigner, MESSAGE);
    const keys = await published();
    expect(keys).toEqual([
      {
        key_id: `key-${month()}`,
        algorithm: 'Ed25519',
        public_key: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/) as string,
        active: true,
        retired_at: null,
        created_at: expect.any(String) as string,
      },
    ]);
    expect(holds(signed, MESSAGE, keys)).toBe(true);
    expect(holds(signed, Buffer.from('{"a":2}'), keys)).toBe(false);
    await house.close();
    await scene.open(settings);
    expect(await published()).toEqual(keys);
  });

  it('of two servers at once makes one key', async () => {
    await Promise.all([scene.open(settings, 'one'), scene.open(settings, 'two')]);
    expect(await published()).toHaveLength(1);
  });

  it('leaves no private key in the clear', async () => {
    const house = await scene.open(settings);
    const { rows } = await house.db.direct.query<{ sealed: Buffer }>('SELECT sealed FROM signing_keys');
    // Version, IV, tag and the 43 characters of the seed; sealed again they would be other bytes.
    expect(rows[0]?.sealed.length).toBe(1 + 12 + 16 + 43);
    expect(rows[0]?.sealed.toString('latin1')).not.toMatch(/[A-Za-z0-9_-]{43}/);
  });
});

describe('rotation', () => {
  it('gives one active key under a new name, and the old one stays published', async () => {
    await scene.open(settings);
    const first = `key-${month()}`;
    expect([await rotate(), await rotate()]).toEqual([
      { from: first, to: `${first}-2` },
      { from: `${first}-2`, to: `${first}-3` },
    ]);
    const keys = await published();
    expect(keys.map((key) => [key.key_id, key.active, key.retired_at !== null])).toEqual([
      [`${first}-3`, true, false],
      [`${first}-2`, false, true],
      [first, false, true],
    ]);
  });

  it('while two servers sign: each signature holds, and none is under a key that was retired before it began', async () => {
    const houses = [await scene.open(settings, 'one'), await scene.open(settings, 'two')];
    const signed: { readonly begun: number; readonly message: Buffer; readonly by: PacketSignatureBytes }[] = [];
    const rotating = { now: true };
    const signAlong = async (house: OpenHouse): Promise<void> => {
      while (rotating.now) {
        const begun = Date.now();
        const message = randomBytes(40);
        signed.push({ begun, message, by: await signPacket(house.keyring.packetSigner, message) });
      }
    };
    const activeAlong = async (house: OpenHouse): Promise<void> => {
      while (rotating.now) {
        const active = (await publishSigningKeys(house.db.direct)).filter((key) => key.active);
        expect(active).toHaveLength(1);
      }
    };
    const along = Promise.all([...houses.map(signAlong), ...houses.map(activeAlong)]);
    for (let turn = 0; turn < 5; turn += 1) await rotate();
    rotating.now = false;
    await along;

    const keys = await published();
    expect(keys).toHaveLength(6);
    expect(new Set(signed.map(({ by }) => by.keyId)).size).toBeGreaterThan(1);
    for (const { begun, message, by } of signed) {
      expect(holds(by, message, keys)).toBe(true);
      const retiredAt = keys.find((key) => key.key_id === by.keyId)?.retired_at;
      // As a packet tells its time: to the second.
      const generatedAt = Math.floor(begun / 1000) * 1000;
      if (typeof retiredAt === 'string') expect(generatedAt).toBeLessThanOrEqual(Date.parse(retiredAt));
    }
  });

  it('many at once take turns: one active key, every other retired', async () => {
    await scene.open(settings);
    await Promise.all(Array.from({ length: 5 }, rotate));
    expect((await published()).map((key) => key.active)).toEqual([true, false, false, false, false, false]);
  });

  it('that fails half-way has not happened', async () => {
    const house = await scene.open(settings);
    const before = await published();
    await asOwner(scene.databaseUrl, (client) =>
      client.query('ALTER TABLE signing_key_changes ADD CONSTRAINT broken CHECK (false)'),
    );
    await expect(rotate()).rejects.toThrow(/broken/);
    await expect(retire(before[0]!.key_id)).rejects.toThrow(/broken/);
    expect(await published()).toEqual(before);
    expect(holds(await signPacket(house.keyring.packetSigner, MESSAGE), MESSAGE, before)).toBe(true);
  });

  it('needs the secret that the stored keys are sealed under, and a database that a server was on', async () => {
    await scene.open(settings);
    const other = { ...settings, KEYRING_SECRET: 'another-keyring-secret-of-these-tests' };
    await expect(rotateSigningKeyBeside(scene.configure(other), diagnostics)).rejects.toEqual(
      code('keyring_secret_wrong'),
    );
    const fileless = { ...settings, KEYRING_SECRET: '' };
    await expect(rotateSigningKeyBeside(scene.configure(fileless, 'elsewhere'), diagnostics)).rejects.toEqual(
      code('keyring_secret_wrong'),
    );
    const empty = await makeKeyScene();
    await expect(rotateSigningKeyBeside(empty.configure(settings), diagnostics)).rejects.toEqual(
      code('migration_failed'),
    );
    await empty.remove();
  });
});

describe('a retired key', () => {
  it('verifies but never signs', async () => {
    const { packetSigner } = (await scene.open(settings)).keyring;
    const signed = await signPacket(packetSigner, MESSAGE);
    await rotate();
    await expect(packetSigner.sign(signed.keyId, MESSAGE)).rejects.toEqual(code('signing_key_retired'));
    expect(holds(signed, MESSAGE, await published())).toBe(true);
    expect((await signPacket(packetSigner, MESSAGE)).keyId).not.toBe(signed.keyId);
  });

  it('without a successor leaves none: packets are refused, a restart makes none, a rotation does', async () => {
    let house = await scene.open(settings);
    const { keyId } = await requireSigningKey(house.keyring.packetSigner);
    expect(await retire(keyId)).toEqual({ retired: true, forgotten: false });
    expect(await retire(keyId)).toEqual({ retired: false, forgotten: false });
    await expect(signPacket(house.keyring.packetSigner, MESSAGE)).rejects.toEqual(code('signing_key_missing'));
    await expect(requireSigningKey(house.keyring.packetSigner)).rejects.toEqual(code('signing_key_missing'));
    await house.close();
    house = await scene.open(settings);
    expect(await house.keyring.packetSigner.state()).toBe('missing');
    expect(await rotate()).toEqual({ from: undefined, to: `${keyId}-2` });
    expect(await house.keyring.packetSigner.state()).toBe('ok');
  });

  it('can have its private half forgotten, and stays published', async () => {
    const house = await scene.open(settings);
    const { keyId } = await requireSigningKey(house.keyring.packetSigner);
    await rotate();
    expect(await retire(keyId, true)).toEqual({ retired: false, forgotten: true });
    expect(await retire(keyId, true)).toEqual({ retired: false, forgotten: false });
    const { rows } = await house.db.direct.query('SELECT 1 FROM signing_keys WHERE key_id = $1 AND sealed IS NULL', [
      keyId,
    ]);
    expect(rows).toHaveLength(1);
    expect((await published()).map((key) => key.key_id)).toContain(keyId);
    await expect(retire('key-1999-01')).rejects.toEqual(code('signing_key_unknown'));
  });

  it.each([
    ['become active again', 'UPDATE signing_keys SET retired_at = NULL WHERE retired_at IS NOT NULL'],
    ['be retired at another time', "UPDATE signing_keys SET retired_at = '2020-01-01Z' WHERE retired_at IS NOT NULL"],
    ['get another public key', "UPDATE signing_keys SET public_key = decode(repeat('ab', 32), 'hex')"],
    ['get another private key', "UPDATE signing_keys SET sealed = '\\x00'"],
    ['get another name', "UPDATE signing_keys SET key_id = key_id || 'x'"],
    [
      'be put into the past',
      "INSERT INTO signing_keys (key_id, public_key, created_at, retired_at) VALUES ('k', decode(repeat('ab', 32), 'hex'), '2020-01-01Z', '2021-01-01Z')",
    ],
    ['be deleted', 'DELETE FROM signing_keys'],
    ['be truncated', 'TRUNCATE signing_keys CASCADE'],
  ])('can not %s, even by the owner of the database', async (_, sql) => {
    await scene.open(settings);
    await rotate();
    const before = await published();
    await expect(asOwner(scene.databaseUrl, (client) => client.query(sql))).rejects.toThrow(/signing key/);
    expect(await published()).toEqual(before);
  });
});

describe('every trail', () => {
  const changes = async (house: OpenHouse, trail: number): Promise<unknown[]> =>
    (await house.read(trail))
      .filter((event) => event.resource_type === 'packet_signing_key')
      .map(({ action, actor_id, resource_id, details }) => [
        action,
        actor_id,
        resource_id,
        details['from'],
        details['to'],
      ]);

  it('is told of each change once, also by two servers at once and after a start that broke off', async () => {
    const houses = [await scene.open(settings, 'one'), await scene.open(settings, 'two')] as const;
    const trails = [await houses[0].found(), await houses[1].found(), await houses[0].found()];
    const { from, to } = await rotate();
    await retire(to);
    // One trail was told before the crash.
    const stopping = new AbortController();
    await tellSigningKeyChanges(
      { ...houses[0], auditMac: houses[0].keyring.auditMac, onGrown: () => stopping.abort() },
      stopping.signal,
    );
    await Promise.all(houses.map((house) => tellSigningKeyChanges({ ...house, auditMac: house.keyring.auditMac })));
    await tellSigningKeyChanges({ ...houses[1], auditMac: houses[1].keyring.auditMac });
    for (const trail of trails) {
      expect(await changes(houses[0], trail)).toEqual([
        ['CONFIG_CHANGE', 'veritrail', to, from, to],
        ['CONFIG_CHANGE', 'veritrail', to, to, null],
      ]);
    }
  });

  it('is told by a server that starts after the change, and nobody is told of the first key', async () => {
    const house = await scene.open(settings);
    const trail = await house.found();
    await tellSigningKeyChanges({ ...house, auditMac: house.keyring.auditMac });
    expect(await changes(house, trail)).toEqual([]);
    await rotate();
    const server = await scene.serve({ ...settings, DATA_DIR: `${scene.dataDirectory}-served` });
    await expect.poll(() => changes(house, trail), { timeout: 20_000 }).toHaveLength(1);
    await server.stop();
  });
});

describe('a key that was tampered with in the database', () => {
  const tamper = (sql: string): Promise<unknown> =>
    asOwner(scene.databaseUrl, (client) =>
      client.query(
        `ALTER TABLE signing_keys DISABLE TRIGGER USER; ${sql}; ALTER TABLE signing_keys ENABLE TRIGGER USER`,
      ),
    );

  it.each([
    ['sealed bytes changed', 'UPDATE signing_keys SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1)'],
    ['sealed bytes cut', "UPDATE signing_keys SET sealed = '\\x01'"],
    [
      'the sealed bytes of another key',
      'UPDATE signing_keys a SET sealed = b.sealed FROM signing_keys b WHERE a.key_no <> b.key_no',
    ],
    [
      'another public key',
      "UPDATE signing_keys SET public_key = decode(repeat('ab', 32), 'hex') WHERE retired_at IS NULL",
    ],
  ])('signs nothing: %s', async (_, sql) => {
    const { packetSigner } = (await scene.open(settings)).keyring;
    await rotate();
    await tamper(sql);
    expect(await packetSigner.state()).toBe('unusable');
    await expect(signPacket(packetSigner, MESSAGE)).rejects.toEqual(code('signing_key_unusable'));
    await rotate();
    expect(await packetSigner.state()).toBe('ok');
  });
});
