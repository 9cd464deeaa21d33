import { describe, expect, it } from 'vitest';

import { atThePages } from './support/at-the-pages.ts';
import { barriers, enter, inDemo, settle, takePicture } from './support/visitor.ts';

interface Shift {
  readonly value: number;
  readonly sources: readonly { readonly node: { readonly textContent: string | null } | null }[];
}

const at = atThePages();

describe('whatever goes wrong', () => {
  it('a server that is away is said so, with a way to try again', async () => {
    const { page } = at.visitor;
    await page.route(/\/organizations\/[^/]+\/services$/, (route) => route.abort());
    await enter(page, inDemo('/records/services'), at.token);
    await page.getByText('The server did not answer').waitFor({ timeout: 15_000 });
    await takePicture(page, 'server-away');
    expect(await barriers(page)).toEqual([]);
    await page.unroute(/\/organizations\/[^/]+\/services$/);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('sessions-cache').waitFor();
  });

  it('a slow server shows skeletons that keep the place of what comes', async () => {
    const { page } = at.visitor;
    await page.route('**/compliance-report', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1200));
      await route.continue();
    });
    await page.addInitScript(() => {
      const shifts: [number, string][] = [];
      (window as unknown as { shifts: typeof shifts }).shifts = shifts;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as unknown as Shift[]) {
          shifts.push([
            entry.value,
            entry.sources.map(({ node }) => node?.textContent?.slice(0, 40) ?? '').join(' | '),
          ]);
        }
      }).observe({ entryTypes: ['layout-shift'] });
    });
    await enter(page, inDemo(), at.token);
    await page.locator('.skeleton').first().waitFor();
    // Of what is in sight: a picture of the whole page makes the window taller, which would move things by itself.
    await takePicture(page, 'overview-loading', false);
    await settle(page);
    const shifts = await page.evaluate(() => (window as unknown as { shifts: [number, string][] }).shifts);
    // "Good" by the web's own measure is below 0.1.
    expect(
      shifts.reduce((sum, [value]) => sum + value, 0),
      JSON.stringify(shifts),
    ).toBeLessThan(0.1);
  });
});

describe('without a mouse', () => {
  it('the first stop leads past the navigation, and every stop can be seen', async () => {
    const page = await at.open('');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    for (let at = 0; at < 12; at += 1) {
      await page.keyboard.press('Tab');
      const seen = await page.evaluate(() => {
        const { activeElement } = document;
        if (activeElement === null) return 'nothing';
        const { outlineStyle } = getComputedStyle(activeElement);
        return outlineStyle === 'none' ? activeElement.outerHTML.slice(0, 100) : 'outlined';
      });
      expect(seen).toBe('outlined');
    }
  });

  it('a dialog keeps the focus, closes with Escape and gives it back', async () => {
    const page = await at.open('/admin/members');
    const button = page.getByRole('button', { name: 'Invite somebody' });
    await button.focus();
    await page.keyboard.press('Enter');
    await expect
      .poll(() =>
        page.evaluate(
          () => document.activeElement?.closest('[role=dialog]') !== null && document.activeElement !== document.body,
        ),
      )
      .toBe(true);
    for (let at = 0; at < 8; at += 1) {
      await page.keyboard.press('Tab');
      // Guards at its ends send the focus back in, a moment later.
      await expect
        .poll(() => page.evaluate(() => (document.activeElement ?? document.body).closest('[role=dialog]') !== null))
        .toBe(true);
    }
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => button.evaluate((element) => element === document.activeElement)).toBe(true);
  });
});

it('times say their zone and are UTC, wherever the browser is', async () => {
  // The context of these tests is in New York.
  const page = await at.open('/compliance');
  const made = page.locator('dd time').first();
  const machine = await made.getAttribute('datetime');
  expect(await made.textContent()).toContain(`${machine?.slice(11, 19)} UTC`);
});

it('the colours that were chosen stay', async () => {
  const page = await at.open('');
  await page
    .getByRole('button', { name: /Colours/ })
    .first()
    .click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await page.reload();
  expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
});
