import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { atThePages } from './support/at-the-pages.ts';
import { api, barriers, saved, scene, settle, takePicture } from './support/visitor.ts';

const at = atThePages();

describe('the audit log', () => {
  it('filters by the address, and the address by the filters', async () => {
    const page = await at.open('/audit?action=LOGIN&start_date=2026-01-01T00:00:00Z&end_date=2026-11-01T00:00:00Z');
    const shown = await page.getByRole('status').filter({ hasText: 'events, by' }).first().textContent();
    const { json } = await api<{ total: number }>(
      'GET',
      '/api/v1/compliance/audit-events?action=LOGIN&start_date=2026-01-01T00:00:00Z&end_date=2026-11-01T00:00:00Z',
      {
        token: at.token,
        organization: scene.organizationId,
      },
    );
    expect(Number(/[\d,]+/.exec(shown ?? '')?.[0].replaceAll(',', ''))).toBe(json.total);
    await page.getByLabel('Resource type').fill('session');
    await page.getByLabel('From (UTC)').fill('2026-02-30');
    await page.keyboard.press('Enter');
    await page.getByText('Write it as 2026-01-31').waitFor();
    await page.getByLabel('From (UTC)').fill('2026-03-01 08:15');
    await page.keyboard.press('Enter');
    await page.waitForURL(/resource_type=session/);
    const search = new URL(page.url()).searchParams;
    expect([search.get('start_date'), search.get('action')]).toEqual(['2026-03-01T08:15:00Z', 'LOGIN']);
    await page.getByRole('button', { name: 'Clear all filters' }).click();
    await page.waitForURL((url) => url.search === '');
  });

  it('is narrowed by dragging over the bars', async () => {
    const page = await at.open('/audit');
    const bars = page.getByRole('img', { name: /events from/ });
    const box = (await bars.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(box.x + box.width * 0.4, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 50, { steps: 4 });
    await takePicture(page, 'audit-log-brush', false);
    await page.mouse.up();
    await page.waitForURL(/start_date=.*end_date=/);
    const search = new URL(page.url()).searchParams;
    expect(search.get('start_date')).toMatch(/T00:00:00Z$/);
    expect(search.get('end_date')).toMatch(/T23:59:59.999Z$/);
    await page.getByRole('button', { name: 'Show all of the time' }).click();
    await page.waitForURL((url) => url.search === '');
  });

  it('shows every event of a long trail as one scrolls, by wheel and by keyboard', async () => {
    const page = await at.open('/audit');
    const table = page.getByRole('table', { name: /Events, newest first/ });
    await table.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
    const { json } = await api<{ total: number }>('GET', '/api/v1/compliance/audit-events?page_size=1', {
      token: at.token,
      organization: scene.organizationId,
    });
    const rows = Number(await table.getAttribute('aria-rowcount')) - 1;
    const last = await api<{ items: { id: string; resource_id: string }[] }>(
      'GET',
      `/api/v1/compliance/audit-events?page_size=1&page=${json.total}`,
      { token: at.token, organization: scene.organizationId },
    );
    await table
      .getByText(last.json.items[0]?.resource_id ?? '', { exact: true })
      .first()
      .waitFor();
    expect(rows).toBeLessThanOrEqual(json.total);
    await table.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest('[data-row]')?.getAttribute('data-row')))
      .toBe('1');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Event' }).waitFor();
  });

  it('shows an event with the bytes of its MAC, and checks them here', async () => {
    const { json } = await api<{ items: { id: string }[] }>(
      'GET',
      '/api/v1/compliance/audit-events?action=UPDATE&page_size=1',
      {
        token: at.token,
        organization: scene.organizationId,
      },
    );
    const page = await at.open(`/audit?event=${json.items[0]?.id}`);
    const sheet = page.getByRole('dialog', { name: 'Event' });
    await sheet.getByText('that the MAC covers').waitFor();
    const payload = await sheet.locator('pre').nth(1).textContent();
    expect(payload).toMatch(new RegExp(`^\\{"id":"${json.items[0]?.id}","action":"UPDATE",.*\\}$`));
    await sheet.getByLabel('Audit secret').fill('another-secret-of-this-length');
    await sheet.getByRole('button', { name: 'Check', exact: true }).click();
    await sheet.getByText('The MAC does not hold').waitFor();
    await sheet.getByLabel('Audit secret').fill(scene.auditSecret);
    await sheet.getByRole('button', { name: 'Check', exact: true }).click();
    await sheet.getByText('The MAC holds').waitFor();
    await takePicture(page, 'event-mac', false);
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.search.includes('event='));
  });

  it('says why an event is flagged', async () => {
    const page = await at.open('/audit/flags');
    await page.getByLabel('Rule').selectOption('failed_login_burst');
    await page.waitForURL(/rule=failed_login_burst/);
    await settle(page);
    await page.getByRole('table', { name: 'Flagged events' }).getByRole('link').first().click();
    await page
      .getByRole('dialog')
      .getByText(/failed logins of this actor within/)
      .waitFor();
  });

  it('exports what the filters select, whole, with its manifest', async () => {
    const page = await at.open('/audit?action=EXPORT');
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Export events' });
    await dialog.getByText('Events with action EXPORT').waitFor();
    await dialog.getByLabel('Format').selectOption('ndjson');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Start the export' }).click(),
    ]);
    await dialog.getByText(/events, .*, whole/).waitFor();
    const lines = readFileSync(await saved(download), 'utf8')
      .trim()
      .split('\n');
    expect(new Set(lines.map((line) => (JSON.parse(line) as { action: string }).action))).toEqual(new Set(['EXPORT']));
    await takePicture(page, 'export-done', false);
    expect(await barriers(page)).toEqual([]);
    const [manifest] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Save the manifest' }).click(),
    ]);
    const told = JSON.parse(readFileSync(await saved(manifest), 'utf8')) as {
      events: number;
      complete: boolean;
      signature: string;
    };
    expect([told.events, told.complete]).toEqual([lines.length, true]);

    await page.goto('/verify');
    await page.getByLabel('Document').setInputFiles(await saved(download));
    await page.getByLabel('Audit secrets').fill(scene.auditSecret);
    await page.getByLabel('MAC of the file').fill(told.signature);
    await page.getByRole('button', { name: 'Check it' }).click();
    await page.getByText('Every required check passed').waitFor();
    await takePicture(page, 'verdict-events');
  });
});
