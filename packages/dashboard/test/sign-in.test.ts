import { describe, expect, it } from 'vitest';

import { atThePages } from './support/at-the-pages.ts';
import { api, barriers, enter, inDemo, makeMember, scene, settle, signIn, takePicture } from './support/visitor.ts';

const at = atThePages();

describe('signing in', () => {
  it('leads back to the address that was asked for, filters included', async () => {
    const { page } = at.visitor;
    await page.goto(inDemo('/audit?action=EXPORT'));
    await page.waitForURL(/\/sign-in/);
    await page.getByLabel('E-mail address').fill(scene.ownerEmail);
    await page.getByLabel('Password').fill(scene.ownerPassword);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/audit\?action=EXPORT/);
    await page.getByRole('heading', { name: 'Audit log' }).waitFor();
  });

  it('with a wrong password says so and lets one try again', async () => {
    const { page } = at.visitor;
    await page.goto('/sign-in');
    await page.getByLabel('E-mail address').fill(scene.ownerEmail);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('do not fit').waitFor();
    expect(await barriers(page)).toEqual([]);
    await takePicture(page, 'sign-in-refused');
    await signIn(page);
  });

  it('never leads to another origin', async () => {
    const { page } = at.visitor;
    await page.goto(`/sign-in?back=${encodeURIComponent('//example.com/')}`);
    await page.getByLabel('E-mail address').fill(scene.ownerEmail);
    await page.getByLabel('Password').fill(scene.ownerPassword);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/o\//);
    expect(new URL(page.url()).origin).toBe(scene.baseUrl);
  });

  it('ends for both sides with signing out', async () => {
    const { page } = at.visitor;
    await signIn(page);
    const used = await page.evaluate(
      () => (JSON.parse(sessionStorage.getItem('veritrail.session') ?? '{}') as { token: string }).token,
    );
    await page.getByRole('button', { name: new RegExp(scene.ownerEmail) }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL(/\/sign-in/);
    expect((await api('GET', '/api/v1/auth/me', { token: used })).status).toBe(401);
    await page.goBack();
    await page.waitForURL(/\/sign-in/);
  });

  it('that was ended elsewhere leads to the sign-in and back', async () => {
    const member = await makeMember('analyst');
    const page = await at.open('/records/services', member.token);
    await api('POST', '/api/v1/auth/logout', { token: member.token });
    await page.getByRole('link', { name: 'Members' }).click();
    await page.waitForURL(/\/sign-in\?back=/);
    await page.getByLabel('E-mail address').fill(member.email);
    await page.getByLabel('Password').fill(member.password);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/admin\/members/);
  });
});

describe('organizations', () => {
  it('are switched by the menu, and the pages are of the other one', async () => {
    const page = await at.open('');
    await page.getByRole('button', { name: /Demo organization/ }).click();
    await page.getByRole('menuitem', { name: /Nordlicht Retail/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Nordlicht Retail' }).waitFor();
    await page.getByText('No services are recorded').first().waitFor();
    await settle(page);
    await takePicture(page, 'overview-empty');
    expect(await barriers(page)).toEqual([]);
  });

  it('that one is no member of are as if they were not', async () => {
    await enter(at.visitor.page, '/o/00000000-0000-4000-8000-000000000000', at.token);
    await at.visitor.page.getByText('There is no such organization for you').waitFor();
    await takePicture(at.visitor.page, 'no-organization');
  });
});
