import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  api,
  barriers,
  enter,
  inDemo,
  login,
  overhang,
  scene,
  settle,
  takePicture,
  visit,
  type Colours,
  type Size,
  type Visitor,
} from './visitor.ts';

const PAGES: Readonly<Record<string, string>> = {
  overview: inDemo(),
  compliance: inDemo('/compliance'),
  'audit-log': inDemo('/audit'),
  flags: inDemo('/audit/flags'),
  'report-soc2': inDemo('/audit/reports/soc2'),
  'report-iso27001': inDemo('/audit/reports/iso27001'),
  services: inDemo('/records/services'),
  backups: inDemo('/records/backups'),
  zones: inDemo('/records/zones'),
  members: inDemo('/admin/members'),
  'api-keys': inDemo('/admin/api-keys'),
  retention: inDemo('/admin/retention'),
  organization: inDemo('/admin/organization'),
  'signing-keys': inDemo('/admin/signing-keys'),
  billing: inDemo('/admin/billing'),
  declarations: inDemo('/records/declarations'),
  account: inDemo('/account'),
  verify: inDemo('/verify'),
};

let token: string;
let servicePath: string;
let eventPath: string;

/** Looks at every page at that size, in both colours. */
export function lookAtPages(size: Size): void {
  beforeAll(async () => {
    token = await login();
    const services = await api<{ items: { service_id: string; name: string }[] }>(
      'GET',
      `/organizations/${scene.organizationId}/services`,
      { token },
    );
    const chosen = services.json.items.find((one) => one.name === 'search-catalogue') ?? services.json.items[0];
    servicePath = inDemo(`/records/services/${chosen?.service_id}`);
    const flags = await api<{ items: { event_id: string }[] }>('GET', '/api/v1/compliance/flags', {
      token,
      organization: scene.organizationId,
    });
    eventPath = inDemo(`/audit?event=${flags.json.items[0]?.event_id}`);
  });

  describe.each(['light', 'dark'] as Colours[])('in %s', (colours) => {
    let visitor: Visitor;
    beforeAll(async () => {
      visitor = await visit(size, colours);
    });
    afterAll(() => visitor.leave());

    it.each([
      ['sign-in', '/sign-in'],
      ['verify-bare', '/verify'],
      ['invitation', '/invitation'],
      ['lost', '/no/such/page'],
    ])('%s has no barrier and nothing that overhangs', (name, path) => look(visitor, name, path, false));

    it.each([...Object.keys(PAGES), 'service', 'event'])('%s has no barrier and nothing that overhangs', (name) =>
      look(visitor, name, name === 'service' ? servicePath : name === 'event' ? eventPath : (PAGES[name] ?? ''), true),
    );

    async function look({ page, complaints }: Visitor, name: string, path: string, inside: boolean): Promise<void> {
      if (inside) await enter(page, path, token);
      else await page.goto(path);
      await page.locator('h1').first().waitFor({ state: 'attached' });
      await settle(page);
      await takePicture(page, `${name}-${size}-${colours}`);
      expect(await barriers(page)).toEqual([]);
      expect(await overhang(page)).toBe(0);
      expect(complaints.splice(0)).toEqual([]);
    }
  });
}
