import { createHash, createPublicKey, randomUUID, verify } from 'node:crypto';

import { packetSlice } from '@veritrail/formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { asOwner, startTestServer, type TestServer } from '../support/test-server.ts';
import type { Answer } from '../support/answer.ts';
import { EVERY_SCRIPT, INJECTIONS } from '../support/odd-names.ts';
import { readPdf } from '../support/read-pdf.ts';
import { insist, makeService, makeWorld, readTrail, SERVICE, type World } from '../support/world.ts';

let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startTestServer({ OPERATOR_NAME: 'Example Cloud AB' });
  world = await makeWorld(server);
  for (const framework of FRAMEWORKS) await subscribe(world, framework);
});
afterAll(() => server.stop());

const FRAMEWORKS = ['soc2', 'gdpr_ropa', 'dora', 'eu_ai_act'];

async function subscribe(of: World, framework: string): Promise<void> {
  const auth = of.keys.admin.basic;
  await insist(server.call)(200, 'PUT', of.path(`/compliance-subscriptions/${framework}`), { auth });
}

function generate(of: World, body: object): Promise<Answer> {
  return server.call('POST', of.path('/compliance-reports'), { auth: of.keys.member.basic, body });
}

function read(of: World, rest: string): Promise<Answer> {
  return server.call('GET', of.path(`/compliance-reports${rest}`), { auth: of.keys.member.basic });
}

/** By OpenSSL, through Node: nothing of ours but finding the bytes. */
async function verifies({ bytes, json }: Answer): Promise<boolean> {
  const { keys } = (await server.call('GET', '/.well-known/compliance-signing-keys')).json as {
    keys: { key_id: string; public_key: string }[];
  };
  const { key_id: keyId, value } = json.signature as { key_id: string; value: string };
  const published = keys.find((key) => key.key_id === keyId)?.public_key ?? '';
  const x = Buffer.from(published, 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, packetSlice(bytes), key, Buffer.from(value, 'base64'));
}

describe('a packet', () => {
  it.each(FRAMEWORKS)('of %s is signed over its exact bytes, and read back byte for byte', async (framework) => {
    await makeService(server, world);
    const made = await generate(world, { framework });
    expect(made.status).toBe(201);
    expect(await verifies(made)).toBe(true);
    const slice = packetSlice(made.bytes);
    expect(createHash('sha256').update(slice).digest('hex')).toBe(made.json.signature.canonical_sha256);
    expect(made.json.packet).toMatchObject({
      schema_version: '1.0',
      framework,
      operator: 'Example Cloud AB',
      organization: { id: world.id },
    });
    expect(made.json.packet.controls.length).toBeGreaterThanOrEqual(5);
    const again = await read(world, `/${made.json.report_id}`);
    expect(again.bytes.equals(made.bytes)).toBe(true);
  });

  it('holds what was recorded in the very second in which it is made', async () => {
    const fresh = await makeWorld(server);
    await subscribe(fresh, 'soc2');
    const id = await makeService(server, fresh, { tls_enabled: false });
    const { packet } = (await generate(fresh, { framework: 'soc2' })).json as {
      packet: { evidence: { services: { service_id: string; tls_enabled: { value: boolean }[] }[] } };
    };
    expect(packet.evidence.services.map((service) => service.service_id)).toEqual([id]);
    expect(packet.evidence.services[0]?.tls_enabled.map((span) => span.value)).toEqual([false]);
  });

  it('of a period before a service was there does not know it', async () => {
    await makeService(server, world);
    const made = await generate(world, {
      framework: 'dora',
      period_start: '2026-01-01T00:00:00Z',
      period_end: '2026-02-01T00:00:00Z',
    });
    expect(made.json.packet.evidence.services).toEqual([]);
    expect(made.json.packet.controls.every((control: { status: string }) => control.status !== 'attested')).toBe(true);
  });

  it('names the one before it', async () => {
    const fresh = await makeWorld(server);
    await subscribe(fresh, 'dora');
    const first = await generate(fresh, { framework: 'dora' });
    const second = await generate(fresh, { framework: 'dora' });
    expect(first.json.packet.previous_packet).toBeNull();
    expect(second.json.packet.previous_packet).toEqual({
      report_id: first.json.report_id,
      canonical_sha256: first.json.signature.canonical_sha256,
    });
  });

  it('is an event when it is made and when it is read, in which form', async () => {
    const made = await generate(world, { framework: 'soc2' });
    await read(world, `/${made.json.report_id}`);
    await read(world, `/${made.json.report_id}/pdf`);
    const events = (await readTrail(server, world)).filter((event) => event.resource_id === made.json.report_id);
    expect(events.map((event) => [event.action, event.resource_type, event.details['format']])).toEqual([
      ['CREATE', 'evidence_packet', undefined],
      ['READ', 'evidence_packet', 'json'],
      ['READ', 'evidence_packet', 'pdf'],
    ]);
    expect(events[0]?.details).toMatchObject({ outcome: 'success', key_id: made.json.signature.key_id });
  });

  it('that ended can not be changed or taken away, by the owner of the tables either', async () => {
    const made = await generate(world, { framework: 'soc2' });
    const where = `report_id = '${String(made.json.report_id)}'`;
    await asOwner(server.databaseUrl, async (client) => {
      for (const statement of [
        `UPDATE packets SET document = 'other' WHERE ${where}`,
        `UPDATE packets SET status = 'failed', failure = 'x', document = NULL WHERE ${where}`,
        `DELETE FROM packets WHERE ${where}`,
        'TRUNCATE packets CASCADE',
      ]) {
        await expect(client.query(statement)).rejects.toThrow(/stays as it is|append-only/);
      }
    });
  });
});

describe('the list', () => {
  it('shows the newest first, with what each says', async () => {
    const fresh = await makeWorld(server);
    const made: string[] = [];
    for (const framework of FRAMEWORKS) {
      await subscribe(fresh, framework);
      made.push((await generate(fresh, { framework })).json.report_id as string);
    }
    const { items, total } = (await read(fresh, '')).json as { items: Record<string, unknown>[]; total: number };
    expect(items.map((item) => item['report_id'])).toEqual(made.toReversed());
    expect(total).toBe(4);
    expect(items[0]).toMatchObject({ framework: 'eu_ai_act', status: 'complete', pdf_available: true, failure: null });
  });
});

describe('what comes first', () => {
  it('is the body, then the subscription', async () => {
    const fresh = await makeWorld(server);
    expect((await generate(fresh, { framework: 'soc3' })).status).toBe(422);
    expect((await generate(fresh, { framework: 'soc2', period_end: '2999-01-01T00:00:00Z' })).status).toBe(422);
    const refused = await generate(fresh, { framework: 'soc2' });
    expect([refused.status, refused.json.detail]).toEqual([
      402,
      expect.stringContaining(`PUT /organizations/${fresh.id}/compliance-subscriptions/soc2`),
    ]);
    expect((await read(fresh, '')).json.items).toEqual([]);
  });

  it('leaves packets that were made after the subscription ended', async () => {
    const fresh = await makeWorld(server);
    await subscribe(fresh, 'soc2');
    const made = await generate(fresh, { framework: 'soc2' });
    const auth = fresh.keys.admin.basic;
    await insist(server.call)(200, 'DELETE', fresh.path('/compliance-subscriptions/soc2'), { auth });
    expect((await generate(fresh, { framework: 'soc2' })).status).toBe(402);
    expect((await read(fresh, `/${made.json.report_id}`)).status).toBe(200);
  });
});

it('a name that is code to somebody stands in the packet as it was given, and in a PDF that does nothing', async () => {
  const fresh = await makeWorld(server);
  await subscribe(fresh, 'soc2');
  const auth = fresh.keys.admin.basic;
  const taken: string[] = [];
  for (const name of [...INJECTIONS, ...EVERY_SCRIPT]) {
    const body = { ...SERVICE, name };
    const answer = await server.call('POST', fresh.path('/services'), { auth, body });
    expect([201, 422]).toContain(answer.status);
    if (answer.status === 201) taken.push((answer.json as { name: string }).name);
  }
  expect(taken.length).toBeGreaterThan(15);
  const made = await generate(fresh, { framework: 'soc2' });
  expect(await verifies(made)).toBe(true);
  const services = made.json.packet.evidence.services as { name: string }[];
  expect(services.map((service) => service.name).toSorted()).toEqual(taken.toSorted());
  const pdf = await read(fresh, `/${made.json.report_id}/pdf`);
  expect(pdf.status).toBe(200);
  const { attachment, actions, structure } = readPdf(pdf.bytes);
  expect(attachment().equals(made.bytes)).toBe(true);
  expect(actions().filter((kind) => !['GoTo', 'URI'].includes(kind ?? ''))).toEqual([]);
  expect(structure).not.toMatch(/\/(OpenAction|JavaScript|Launch)\b/);
});

describe('comparing', () => {
  it('shows a service that came and a fact that changed, whichever is named first', async () => {
    const fresh = await makeWorld(server);
    await subscribe(fresh, 'soc2');
    const id = await makeService(server, fresh, { name: 'changed' });
    const first = (await generate(fresh, { framework: 'soc2' })).json.report_id as string;
    const auth = fresh.keys.admin.basic;
    await insist(server.call)(200, 'PATCH', fresh.path(`/services/${id}`), { auth, body: { tls_enabled: false } });
    const added = await makeService(server, fresh, { name: 'added' });
    const second = (await generate(fresh, { framework: 'soc2' })).json.report_id as string;
    const answers = [
      await read(fresh, `/${first}/diff?with=${second}`),
      await read(fresh, `/${second}/diff?with=${first}`),
    ];
    for (const { json } of answers) {
      expect(json).toMatchObject({
        before: { report_id: first },
        after: { report_id: second },
        services: { added: [{ service_id: added, name: 'added' }], ended: [] },
      });
      expect(json.services.changed).toEqual([
        {
          service_id: id,
          name: 'changed',
          facts: [{ fact: 'tls_enabled', before: true, after: false }],
        },
      ]);
      expect(json.exceptions.opened).toContain('CC6.1');
    }
  });

  it('of two frameworks is refused', async () => {
    const [one, other] = [await generate(world, { framework: 'soc2' }), await generate(world, { framework: 'dora' })];
    expect((await read(world, `/${one.json.report_id}/diff?with=${other.json.report_id}`)).status).toBe(422);
  });
});

it('another organization sees nothing of a packet, not even that there is one', async () => {
  const made = await generate(world, { framework: 'soc2' });
  const other = await makeWorld(server);
  for (const rest of ['', '/pdf', `/diff?with=${randomUUID()}`, '/annex/B_05.01']) {
    const theirs = await read(other, `/${made.json.report_id}${rest}`);
    const nobodys = await read(other, `/${randomUUID()}${rest}`);
    expect([theirs.status, theirs.json.detail]).toEqual([404, nobodys.json.detail]);
  }
});
