import { createPublicKey, randomUUID, verify } from 'node:crypto';

import { packetSlice } from '@veritrail/formats';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { rotateSigningKeyBeside } from '../../../src/change-signing-keys.ts';
import { createPacketIssuer, type PacketParts } from '../../../src/evidence/packets/issue-packet.ts';
import { insertStartedPacket } from '../../../src/evidence/packets/packet-store.ts';
import { giveUpLeftPackets, watchPackets } from '../../../src/evidence/packets/watch-packets.ts';
import { loadZoneCatalogue } from '../../../src/posture/zone-catalogue.ts';
import { StorageError } from '../../../src/storage/storage-error.ts';
import type { Caller } from '../../../src/tenancy/ground.ts';
import { SERVER } from '../../../src/trail/key-change-event.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';
import { insist, makeService, makeWorld, readTrail, type World } from '../../support/world.ts';

let server: TestServer;
let world: World;
let parts: PacketParts;
let caller: Caller;

beforeAll(async () => {
  server = await startTestServer();
  const { ground, keyring, configuration } = server.running.house;
  parts = {
    ground,
    signer: keyring.packetSigner,
    zones: loadZoneCatalogue(),
    flagRules: configuration.flagRules,
    operatorName: 'Example Cloud AB',
    catchUp: server.running.house.catchUp,
    eventsWait: () => true,
    diagnostics: pino({ level: 'silent' }),
  };
});
afterAll(() => server.stop());

async function scene(): Promise<void> {
  world = await makeWorld(server);
  const auth = world.keys.admin.basic;
  for (const framework of ['soc2', 'dora']) {
    await insist(server.call)(200, 'PUT', world.path(`/compliance-subscriptions/${framework}`), { auth });
  }
  await makeService(server, world);
  const { db } = parts.ground;
  const { rows } = await db.direct.query<{ organization_no: number }>(
    'SELECT organization_no FROM organizations WHERE organization_id = $1',
    [world.id],
  );
  caller = { organization: { no: rows[0]?.organization_no ?? 0, id: world.id }, actor: SERVER };
}

async function listed(): Promise<
  { report_id: string; status: string; failure: string | null; pdf_available: boolean }[]
> {
  const answer = await insist(server.call)(200, 'GET', world.path('/compliance-reports'), {
    auth: world.keys.member.basic,
  });
  return (answer.json as { items: Awaited<ReturnType<typeof listed>> }).items;
}

async function packetEvents(): Promise<Record<string, unknown>[]> {
  const events = await readTrail(server, world, '&resource_type=evidence_packet');
  return events.map((event) => event.details);
}

/** What a server leaves that goes away in the middle. */
async function begin(leaseUntil: Date): Promise<string> {
  const started = {
    reportId: randomUUID(),
    framework: 'soc2',
    periodStart: '2026-05-01T00:00:00Z',
    periodEnd: '2026-06-01T00:00:00Z',
    generatedAt: '2026-06-01T00:00:00Z',
    requestedBy: 'somebody',
  } as const;
  await parts.ground.db.scoped(caller.organization.no, (tx) =>
    insertStartedPacket(tx, caller.organization.no, started, leaseUntil),
  );
  return started.reportId;
}

describe('a generation that fails half-way', () => {
  it.each([
    ['its signer fails', new Error('the signer is away'), 'internal'],
    ['the database goes away', new StorageError('database_unavailable', 'gone'), 'database_unavailable'],
  ])('because %s leaves a failed record, an event, and no half packet', async (_why, error, failure) => {
    await scene();
    const signer = {
      ...parts.signer,
      sign: () => Promise.reject(error),
    };
    await expect(createPacketIssuer({ ...parts, signer }).issue(caller, { framework: 'soc2' })).rejects.toBe(error);
    const [packet, ...others] = await listed();
    expect(others).toEqual([]);
    expect(packet).toMatchObject({ status: 'failed', failure, pdf_available: false });
    expect(await packetEvents()).toMatchObject([{ outcome: 'failure', reason: failure, framework: 'soc2' }]);
    for (const rest of ['', '/pdf']) {
      const path = world.path(`/compliance-reports/${packet?.report_id}${rest}`);
      expect((await server.call('GET', path, { auth: world.keys.member.basic })).status).toBe(409);
    }
  });

  it('because its server went away is given up when its lease has lapsed, once', async () => {
    await scene();
    const reportId = await begin(new Date(Date.now() - 1));
    expect(await listed()).toEqual([]);
    const watch = watchPackets({ ...parts, issuer: createPacketIssuer(parts) });
    await Promise.all([watch.round(), watch.round()]);
    await watch.stop();
    expect(await listed()).toMatchObject([{ report_id: reportId, status: 'failed', failure: 'server_went_away' }]);
    expect(await packetEvents()).toMatchObject([{ outcome: 'failure', reason: 'server_went_away' }]);
  });

  it('is given up at once by the only server of a database when it starts, whatever the lease says', async () => {
    await scene();
    const reportId = await begin(new Date(Date.now() + 60_000));
    const schedule = { ...parts, issuer: createPacketIssuer(parts) };
    const watch = watchPackets(schedule);
    await watch.round();
    await watch.stop();
    expect(await listed(), 'while others may run').toEqual([]);
    await giveUpLeftPackets(schedule);
    expect(await listed()).toMatchObject([{ report_id: reportId, status: 'failed', failure: 'server_went_away' }]);
    expect(await packetEvents()).toMatchObject([{ outcome: 'failure', reason: 'server_went_away' }]);
  });

  it('because the database is away for longer is failed once it is back and the lease has lapsed', async () => {
    await scene();
    let isAway = false;
    const { db } = parts.ground;
    const scoped: typeof db.scoped = (...asked) =>
      isAway ? Promise.reject(new StorageError('database_unavailable', 'gone')) : db.scoped(...asked);
    const signer = {
      ...parts.signer,
      async sign(...asked: Parameters<PacketParts['signer']['sign']>) {
        const signature = await parts.signer.sign(...asked);
        isAway = true;
        return signature;
      },
    };
    const ground = { ...parts.ground, db: { ...db, scoped } };
    await expect(
      createPacketIssuer({ ...parts, ground, signer }).issue(caller, { framework: 'soc2' }),
    ).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(await listed()).toEqual([]);
    const later = { ...parts.ground, clock: () => new Date(Date.now() + 61_000) };
    const watch = watchPackets({ ...parts, ground: later, issuer: createPacketIssuer({ ...parts, ground: later }) });
    await watch.round();
    await watch.stop();
    expect(await listed()).toMatchObject([{ status: 'failed', failure: 'server_went_away' }]);
    expect(await packetEvents()).toMatchObject([{ outcome: 'failure', reason: 'server_went_away' }]);
  });

  it('is not given up while its lease is renewed', async () => {
    await scene();
    const issuer = createPacketIssuer(parts);
    const watch = watchPackets({ ...parts, issuer });
    const [made] = await Promise.all([issuer.issue(caller, { framework: 'soc2' }), watch.round()]);
    await watch.stop();
    expect(await listed()).toMatchObject([{ report_id: made.reportId, status: 'complete' }]);
  });
});

describe('refusals that come before anything is done leave nothing', () => {
  it('without a signing key', async () => {
    await scene();
    const signer = { ...parts.signer, activeKey: async () => undefined };
    await expect(createPacketIssuer({ ...parts, signer }).issue(caller, { framework: 'soc2' })).rejects.toMatchObject({
      code: 'signing_key_missing',
    });
    expect(await listed()).toEqual([]);
  });

  it('without a subscription, also when there is no signing key', async () => {
    await scene();
    const signer = { ...parts.signer, activeKey: async () => undefined };
    await expect(
      createPacketIssuer({ ...parts, signer }).issue(caller, { framework: 'gdpr_ropa' }),
    ).rejects.toMatchObject({ code: 'not_subscribed' });
    expect(await listed()).toEqual([]);
  });
});

it.each([
  ['a part of an hour', '09:10:00', '09:50:00'],
  ['parts of two hours', '09:10:00', '10:50:00'],
  ['a second', '09:10:00', '09:10:01'],
  ['a whole hour', '09:00:00', '10:00:00'],
  ['an hour and parts of two', '08:59:59', '10:00:01'],
])('a period of %s', async (_, from, to) => {
  await scene();
  const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const period = { period_start: `${day}T${from}Z`, period_end: `${day}T${to}Z` };
  const body = { framework: 'soc2', ...period };
  const auth = world.keys.member.basic;
  const answer = await insist(server.call)(201, 'POST', world.path('/compliance-reports'), { auth, body });
  expect((answer.json as { packet: object }).packet).toMatchObject(period);
});

it('fifty at once all succeed', async () => {
  await scene();
  const issuer = createPacketIssuer(parts);
  const made = await Promise.all(
    Array.from({ length: 50 }, (_, index) => issuer.issue(caller, { framework: index % 2 === 0 ? 'soc2' : 'dora' })),
  );
  expect(new Set(made.map((one) => one.reportId)).size).toBe(50);
  expect(await listed()).toHaveLength(50);
});

it('packets that are made while the signing key is rotated are signed by one or the other, and each verifies', async () => {
  await scene();
  const path = world.path('/compliance-reports');
  const asked = Array.from({ length: 12 }, () =>
    server.call('POST', path, { auth: world.keys.member.basic, body: { framework: 'soc2' } }),
  );
  await asked[0];
  await rotateSigningKeyBeside(server.running.house.configuration, pino({ level: 'silent' }));
  const made = await Promise.all(asked);
  const last = await server.call('POST', path, { auth: world.keys.member.basic, body: { framework: 'soc2' } });
  const { keys } = (await server.call('GET', '/.well-known/compliance-signing-keys')).json as {
    keys: { key_id: string; public_key: string; active: boolean }[];
  };
  expect(keys).toHaveLength(2);
  for (const { status, bytes, json } of [...made, last]) {
    expect(status).toBe(201);
    const { key_id: keyId, value } = json.signature as { key_id: string; value: string };
    const x = Buffer.from(keys.find((key) => key.key_id === keyId)?.public_key ?? '', 'base64').toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    expect(verify(null, packetSlice(bytes), key, Buffer.from(value, 'base64'))).toBe(true);
  }
  expect(made[0]?.json.signature.key_id).toBe(keys.find((key) => !key.active)?.key_id);
  expect(last.json.signature.key_id).toBe(keys.find((key) => key.active)?.key_id);
});
