import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { atThePages } from './support/at-the-pages.ts';
import { barriers, saved, scene, takePicture } from './support/visitor.ts';

const at = atThePages();

describe('the posture report', () => {
  it('is downloaded byte for byte as the API gave it, and verifies in the browser', async () => {
    const { page } = at.visitor;
    const given = page.context().waitForEvent('response', (response) => response.url().endsWith('/compliance-report'));
    await at.open('/compliance');
    const bytes = await (await given).body();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download signed JSON' }).click(),
    ]);
    const file = await saved(download);
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(download.suggestedFilename()).toMatch(/^posture-report-.*\.json$/);

    await page.getByRole('button', { name: 'Show the key' }).click();
    const key = await page
      .getByRole('button', { name: 'Copy verification key' })
      .locator('xpath=preceding-sibling::code')
      .textContent();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.goto('/verify');
    await page.getByLabel('Document').setInputFiles(file);
    await page.getByRole('button', { name: 'Check it' }).click();
    await page.getByText('Not everything that is required could be checked').waitFor();
    await page.getByLabel('Verification key').fill(key ?? '');
    await page.getByLabel('Organization id').fill(scene.organizationId);
    requests.length = 0;
    await page.getByRole('button', { name: 'Check it' }).click();
    await page.getByText('Every required check passed').waitFor();
    expect(requests).toEqual([]);
    await takePicture(page, 'verdict-pass');
    expect(await barriers(page)).toEqual([]);

    const tampered = Buffer.from(bytes.toString('utf8').replace('"tls_enabled":true', '"tls_enabled":false'));
    await page
      .getByLabel('Document')
      .setInputFiles({ name: 'report.json', mimeType: 'application/json', buffer: tampered });
    await page.getByLabel('Verification key').fill(key ?? '');
    await page.getByRole('button', { name: 'Check it' }).click();
    await page.getByText('A check failed').waitFor();
    await takePicture(page, 'verdict-fail');
  });
});
