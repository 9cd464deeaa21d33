import { describe, expect, it } from 'vitest';

import { atThePages } from './support/at-the-pages.ts';
import { barriers, settle, takePicture } from './support/visitor.ts';

const at = atThePages();

describe('records', () => {
  it('of a service are made, changed and ended, and its history keeps all of it', async () => {
    const page = await at.open('/records/services');
    await page.getByRole('button', { name: 'Record a service' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Name').fill('ledger-köln');
    await form.getByLabel('Type of database').fill('postgresql');
    await form.getByLabel('Zones', { exact: true }).fill('de-fra1');
    await form.getByRole('button', { name: 'Add' }).click();
    await form.getByRole('list', { name: 'Chosen zones' }).getByText('Germany').waitFor();
    await takePicture(page, 'service-form', false);
    expect(await barriers(page)).toEqual([]);
    await form.getByRole('button', { name: 'Record it' }).click();
    await page.getByRole('heading', { level: 1, name: 'ledger-köln' }).waitFor();
    await page.getByRole('button', { name: 'Change' }).click();
    await page.getByRole('dialog').getByLabel('Connections need TLS').uncheck();
    await page.getByRole('dialog').getByRole('button', { name: 'Save the change' }).click();
    await page.getByText('2 versions').waitFor();
    await page.getByRole('button', { name: 'End the service' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click();
    await page.waitForURL(/\/records\/services$/);
    await settle(page);
    expect(await page.getByRole('link', { name: 'ledger-köln' }).count()).toBe(0);
  });
});
