import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { makeScratchFolder } from '../../server/test/storage/scratch.ts';
import { startFakeStripe, STRIPE_KEY, stripeSettings, type FakeStripe } from '../../server/test/support/fake-stripe.ts';
import { asFirstKey, call } from './support/calls.ts';
import { allSaid, endServers, launch, PROGRAM, readFirstRun, REPOSITORY } from './support/server-process.ts';

const scratch = makeScratchFolder();
const dataDirectory = join(scratch.path, 'data');
const month = new Date().toISOString().slice(0, 7);
let fake: FakeStripe;
let settings: Record<string, string>;

beforeAll(async () => {
  fake = await startFakeStripe();
  settings = { DATA_DIR: dataDirectory, ...stripeSettings(fake.base) };
});
afterAll(async () => {
  await endServers();
  await fake.stop();
  scratch.remove();
});

function exportCharges(...options: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'billing', 'export', ...options], {
    cwd: REPOSITORY,
    env: { PATH: process.env['PATH'], ...settings },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('a server killed while Stripe is told leaves one customer and one subscription there', async () => {
  // Done at Stripe, and the server dies before it hears of it.
  fake.trouble('silent', 'POST /v1/subscriptions', 1);
  const first = launch(settings);
  const base = await first.address;
  const { organization_id: organization, ...firstRun } = readFirstRun(dataDirectory);
  const auth = asFirstKey({ organization_id: organization, ...firstRun });
  const path = `/organizations/${organization}`;
  const renamed = { name: '=cmd|"calc"!A1, Inc.', billing_email: 'billing@example.com' };
  expect((await call(base, 'PATCH', path, { auth, body: renamed })).status).toBe(200);
  expect((await call(base, 'PUT', `${path}/compliance-subscriptions/soc2`, { auth })).status).toBe(200);
  await expect.poll(() => fake.subscriptions.size, { timeout: 20_000 }).toBe(1);
  await first.kill('SIGKILL');

  const second = launch(settings);
  await second.address;
  // The lease of the one that died has to run out.
  await expect
    .poll(async () => (await call(await second.address, 'GET', '/metrics')).text, { timeout: 50_000, interval: 500 })
    .toContain('veritrail_stripe_attempts_total{outcome="done"} 1');
  expect([fake.customers.size, fake.subscriptions.size]).toEqual([1, 1]);
  expect(exportCharges('--month', month)).toMatchObject({ status: 1, stdout: '' });
  await second.kill('SIGTERM');
  const { stdout, stderr } = allSaid();
  for (const said of [stdout, stderr]) expect(said).not.toContain(STRIPE_KEY);
}, 120_000);

test('charges are exported once the server is stopped, and a spreadsheet runs nothing of them', () => {
  const today = new Date().toISOString().slice(0, 10);
  const { status, stdout, stderr } = exportCharges('--month', month);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const [header, row, end, ...others] = stdout.split('\r\n');
  expect(header).toBe(
    'organization_id,organization,billing_email,month,closed,framework,name,first_day,last_day,days,days_in_month,' +
      'monthly_price_eur,amount_eur',
  );
  expect(row).toContain(`,"'=cmd|""calc""!A1, Inc.",billing@example.com,${month},false,soc2,SOC 2 Type II,${today},`);
  expect(row).toMatch(/,49\.00,\d+\.\d\d$/);
  expect([end, others]).toEqual(['', []]);

  const json = exportCharges('--month', month, '--format', 'json');
  expect(JSON.parse(json.stdout)).toMatchObject([{ organization: '=cmd|"calc"!A1, Inc.', monthly_price_eur: 49 }]);
  expect(exportCharges('--month', '2020-01').stdout.split('\r\n')).toEqual([header, '']);
});

test.each([[], ['--month', '2026-13'], ['--month', month, '--format', 'xml']])(
  'wrong options are refused: %j',
  (...options) => {
    const { status, stdout, stderr } = exportCharges(...options);
    expect([status, stdout, stderr === '']).toEqual([1, '', false]);
  },
);
