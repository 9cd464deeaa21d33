import { call, startBenchServer, startLoad } from './support/server.mjs';
import { connectTo, organizationNoOf, postgresVersion } from './support/database.mjs';
import { median, quantile } from './support/measure.mjs';
import { memoryFigure } from './support/memory.mjs';
import { sampleEvents } from './support/sample-events.mjs';

export const title = 'Posture report: with a million events in the trail against a thousand';

const SERVICES = 1000;
const EVENTS = 1_000_000;
const BATCH = 1000;
const BLOCKS = 7;
const REPORTS_A_BLOCK = 40;

const reportPath = (id) => `/organizations/${id}/compliance-report`;

export async function run(tell) {
  const server = await startBenchServer();
  const load = await startLoad();
  try {
    tell(`recording ${SERVICES} services in each of two organizations`);
    const small = await createOrganization(server);
    const large = { id: server.organizationId, authorization: server.authorization };
    for (const { id, authorization } of [small, large]) {
      await load.ask('prepare', {
        port: server.port,
        requests: Array.from({ length: SERVICES }, serviceRequest(id, authorization)),
      });
      await load.ask('run', { connections: 4, count: SERVICES });
    }
    const client = await connectTo(server.owner);
    await client.query('SET search_path = veritrail');
    await recordBackups(client);

    tell(`recording ${EVENTS} events in one of them`);
    const path = '/api/v1/compliance/audit-events';
    const batches = Array.from({ length: 16 }, (_, seed) => ({ events: sampleEvents(BATCH, seed + 1) }));
    const { authorization } = large;
    const requests = batches.map((body) => ({ method: 'POST', path, authorization, body }));
    await load.ask('prepare', { port: server.port, requests });
    await load.ask('run', { connections: 4, count: EVENTS / BATCH - SERVICES / BATCH });
    const unprepared = await compare(load, server, large, small);
    // What autovacuum does sooner or later; in the middle of the measurement it would be noise.
    await client.query('VACUUM (ANALYZE) audit_events_shared');

    tell(`${BLOCKS * REPORTS_A_BLOCK} reports of each, in turn`);
    const before = await counts(client, server, large, small);
    const calm = await compare(load, server, large, small);
    await client.end();
    return {
      postgres: await postgresVersion(server.owner),
      figures: [
        { figure: 'time of a report, median', ...calm.ratio, atMost: 1.3 },
        { figure: 'time of a report, 95th percentile', value: calm.tail },
        { figure: 'time of a report, median, before the trail was ever vacuumed or analysed', ...unprepared.ratio },
        await memoryFigure(server),
      ],
      scale: [{ ...before, milliseconds: calm.milliseconds }],
      notes: [
        `Events at the start of the measurement: ${before.large} and ${before.small}. One connection, one request at a time.`,
      ],
    };
  } finally {
    await load.end();
    await server.stop();
  }
}

async function compare(load, server, large, small) {
  const requests = [large, small].map(({ id, authorization }) => ({
    method: 'GET',
    path: reportPath(id),
    authorization,
  }));
  await load.ask('prepare', { port: server.port, requests });
  const blocks = [];
  for (let block = 0; block < BLOCKS; block += 1) {
    blocks.push(await load.ask('alternate', { rounds: REPORTS_A_BLOCK, warmUp: block === 0 ? 20 : 2 }));
  }
  const byBlock = blocks.map(([one, other]) => median(one) / median(other));
  const all = [0, 1].map((which) => blocks.flatMap((block) => block[which]));
  return {
    ratio: { value: median(all[0]) / median(all[1]), low: Math.min(...byBlock), high: Math.max(...byBlock) },
    tail: quantile(all[0], 0.95) / quantile(all[1], 0.95),
    milliseconds: all.map((one) => Number(median(one).toPrecision(3))),
  };
}

/** With a key of its own: the owner's login would be a different path through the server. */
async function createOrganization(server) {
  const owner = server.ownerAuthorization;
  const { id } = await call(server, 'POST', '/organizations', { name: 'Small', billing_email: 'a@example.com' }, owner);
  const key = await call(server, 'POST', `/organizations/${id}/api-keys`, { name: 'bench', role: 'owner' }, owner);
  return { id, authorization: `Bearer ${key.key}.${key.secret}` };
}

const ZONES = ['eu-central-1', 'europe-west3', 'eu-west-1', 'us-east-1'];

function serviceRequest(id, authorization) {
  return (_, number) => ({
    method: 'POST',
    path: `/organizations/${id}/services`,
    authorization,
    body: {
      name: `orders-${number}`,
      database_type: 'postgresql',
      zones: [ZONES[number % ZONES.length]],
      storage_encrypted_at_rest: true,
      backup_encryption: number % 2 === 0 ? 'AES-256-GCM' : null,
      tls_enabled: true,
      backup_schedule: 'daily',
      backup_retention_days: 30,
    },
  });
}

/** Ten a service, past the door: each that came through it would be an event of its trail. */
async function recordBackups(client) {
  await client.query(`
    INSERT INTO backups (organization_no, service_id, backup_id, completed_at, type, status, recorded_at)
    SELECT organization_no, service_id, gen_random_uuid(), now() - n * interval '1 day', 'automated', 'completed', now()
    FROM services CROSS JOIN generate_series(1, 10) AS n`);
  await client.query('VACUUM (ANALYZE) services, service_versions, backups');
}

async function counts(client, server, large, small) {
  const count = async ({ id }) => {
    const { rows } = await client.query(
      'SELECT next_sequence::integer AS n FROM trail_heads WHERE organization_no = $1',
      [await organizationNoOf(client, id)],
    );
    return rows[0].n;
  };
  return { large: await count(large), small: await count(small) };
}
