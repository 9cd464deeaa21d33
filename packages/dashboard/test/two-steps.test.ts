import { readFileSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { codeOf } from '../../server/test/support/two-factor.ts';
import {
  api,
  barriers,
  enter,
  inDemo,
  login,
  makeMember,
  overhang,
  saved,
  scene,
  settle,
  SIZES,
  takePicture,
  visit,
  type Colours,
  type Size,
  type Visitor,
} from './support/visitor.ts';

const PATH = '/api/v1/auth/two-factor';

let visitor: Visitor;
beforeEach(async () => {
  visitor = await visit();
});
afterEach(async () => {
  const { complaints } = visitor;
  await visitor.leave();
  // eslint-disable-next-line vitest/no-standalone-expect
  expect(complaints).toEqual([]);
});

/** A member whose two-factor sign-in is on. */
async function makeCareful() {
  const member = await makeMember('analyst');
  const { token } = member;
  const begun = await api<{ secret: string }>('POST', PATH, { token, body: { password: member.password } });
  const { secret } = begun.json;
  const confirmed = await api<{ recovery_codes: string[] }>('POST', `${PATH}/confirm`, {
    token,
    body: { code: codeOf(secret, -1) },
  });
  return { ...member, secret, recoveryCodes: confirmed.json.recovery_codes };
}

async function showPassword({ email, password }: { email: string; password: string }): Promise<void> {
  const { page } = visitor;
  await page.goto('/sign-in');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
}

describe('turning two-factor sign-in on', () => {
  it('goes from the password over the app to the recovery codes, and off again', async () => {
    const { page } = visitor;
    const member = await makeMember('member');
    await enter(page, inDemo('/account'), member.token);
    await settle(page);
    await page.getByRole('button', { name: 'Turn on' }).click();
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('The password was not accepted').waitFor();
    await page.getByLabel('Password', { exact: true }).fill(member.password);
    await page.keyboard.press('Enter');
    await page.getByRole('img', { name: /QR code/ }).waitFor();
    const secret = (await page.getByText(/^[A-Z2-7]{32}$/).textContent()) ?? '';
    await takePicture(page, 'two-factor-enrol', false);
    expect(await barriers(page)).toEqual([]);
    await page.getByLabel('Code of your authenticator app').fill('000 000');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('The code was not accepted').waitFor();
    await page.getByLabel('Code of your authenticator app').fill(codeOf(secret));
    await page.keyboard.press('Enter');
    await page.getByText('They are shown this once').waitFor();
    const codes = await page
      .getByRole('listitem')
      .filter({ hasText: /^([2-9a-z]{4}-){3}/ })
      .allTextContents();
    expect(codes).toHaveLength(10);
    await takePicture(page, 'two-factor-recovery-codes', false);
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(codes.join('\n'));
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click(),
    ]);
    expect(readFileSync(await saved(download), 'utf8')).toContain(codes.join('\n'));
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByText('10 of 10').waitFor();
    await takePicture(page, 'account-two-factor-on');
    expect(await barriers(page)).toEqual([]);

    await page.getByRole('button', { name: 'Turn off' }).click();
    await page.getByLabel('Password', { exact: true }).fill(member.password);
    await page.getByRole('button', { name: 'Use a recovery code' }).click();
    await page.getByLabel('Recovery code').fill(codes[0] ?? '');
    await takePicture(page, 'two-factor-off', false);
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click();
    await page.getByRole('button', { name: 'Turn on' }).waitFor();
    await login(member.email, member.password);
  });

  it('gives new recovery codes for password and code', async () => {
    const { page } = visitor;
    const member = await makeCareful();
    await enter(page, inDemo('/account'), member.token);
    await settle(page);
    await page.getByRole('button', { name: 'New recovery codes' }).click();
    await page.getByLabel('Password', { exact: true }).fill(member.password);
    await page.getByLabel('Code of your authenticator app').fill(codeOf(member.secret));
    await page.keyboard.press('Enter');
    await page.getByText('They are shown this once').waitFor();
    expect(await page.getByText(member.recoveryCodes[0] ?? '').count()).toBe(0);
  });
});

describe('signing in', () => {
  it('asks for the code after the password, says when it is wrong, and goes on with the right one', async () => {
    const { page } = visitor;
    const member = await makeCareful();
    await showPassword(member);
    const field = page.getByLabel('Code of your authenticator app');
    await field.waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    expect([await field.getAttribute('autocomplete'), await field.getAttribute('inputmode')]).toEqual([
      'one-time-code',
      'numeric',
    ]);
    await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
    await field.fill('000000');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('The code is not right').waitFor();
    await takePicture(page, 'sign-in-code-refused');
    await field.fill(codeOf(member.secret));
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/o\//);
  });

  it('takes a recovery code', async () => {
    const { page } = visitor;
    const member = await makeCareful();
    await showPassword(member);
    await page.getByRole('button', { name: 'Use a recovery code' }).click();
    await page.getByLabel('Recovery code').fill(member.recoveryCodes[0] ?? '');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/o\//);
  });

  describe.each(Object.keys(SIZES) as Size[])('at the %s size', (size) => {
    it.each(['light', 'dark'] as Colours[])('looks right in %s and has no barriers', async (colours) => {
      const member = await makeCareful();
      await visitor.leave();
      visitor = await visit(size, colours);
      const { page } = visitor;
      await offerProvider('login.example.com');
      await page.goto('/sign-in');
      await page.getByRole('button', { name: 'Continue with login.example.com' }).waitFor();
      expect([await barriers(page), await overhang(page)]).toEqual([[], 0]);
      await takePicture(page, `sign-in-provider-${size}-${colours}`);
      await showPassword(member);
      await page.getByLabel('Code of your authenticator app').waitFor();
      expect([await barriers(page), await overhang(page)]).toEqual([[], 0]);
      await takePicture(page, `sign-in-code-${size}-${colours}`);
      await enter(page, inDemo('/account'), member.token);
      await settle(page);
      await page.getByRole('button', { name: 'New recovery codes' }).waitFor();
      expect([await barriers(page), await overhang(page)]).toEqual([[], 0]);
      await takePicture(page, `account-careful-${size}-${colours}`);
    });
  });
});

/** The server of these tests has no provider; its own tests go all the way through a real one. */
async function offerProvider(name: string): Promise<void> {
  await visitor.page.route('**/api/v1/auth/methods', (route) =>
    route.fulfill({ json: { password: true, oidc: { name } } }),
  );
}

describe('continuing with a provider', () => {
  it('goes there with a binding, and comes back signed in to where one was', async () => {
    const { page } = visitor;
    const token = await login();
    await offerProvider('login.example.com');
    let binding = '';
    await page.route('**/api/v1/auth/oidc/start?*', (route) => {
      binding = new URL(route.request().url()).searchParams.get('binding') ?? '';
      return route.fulfill({ status: 302, headers: { location: '/sign-in#oidc=the-code' } });
    });
    await page.route('**/api/v1/auth/oidc/session', (route) => {
      expect(route.request().postDataJSON()).toEqual({ code: 'the-code', binding });
      return route.fulfill({
        json: { access_token: token, token_type: 'Bearer', expires_in: 3600, organizations: [] },
      });
    });
    await page.goto(inDemo('/audit?action=EXPORT'));
    await page.getByRole('button', { name: 'Continue with login.example.com' }).click();
    await page.waitForURL(/\/audit\?action=EXPORT/);
    expect(binding).toMatch(/^[0-9a-f]{64}$/);
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain(binding);
  });

  it('that did not work says why, in words of the page and none of the address', async () => {
    const { page } = visitor;
    await page.goto('/sign-in#problem=sign_in_cancelled');
    await page.getByRole('alert').getByText('You left it at the identity provider').waitFor();
    expect(page.url()).toBe(`${scene.baseUrl}/sign-in`);
    await page.goto('/verify');
    await page.goto('/sign-in#problem=Call+0900+for+help');
    const said = await page.getByRole('alert').textContent();
    expect(said).toContain('could not be accepted');
    expect(said).not.toContain('0900');
    expect(await barriers(page)).toEqual([]);
    await takePicture(page, 'sign-in-provider-refused');
  });

  it('by a link that somebody else made asks the server for nothing', async () => {
    const { page } = visitor;
    let asked = false;
    page.on('request', (request) => (asked ||= request.url().includes('/oidc/')));
    await page.goto('/sign-in#oidc=the-code-of-somebody-else');
    await page.getByRole('alert').getByText('another browser began it').waitFor();
    expect(asked).toBe(false);
  });
});
