import { describe, expect, it } from 'vitest';

import { atThePages } from './support/at-the-pages.ts';
import { api, barriers, scene, settle, signIn, takePicture, visit } from './support/visitor.ts';

const at = atThePages();

describe('administration', () => {
  it('makes an API key, shows its secret once, and revokes it', async () => {
    const page = await at.open('/admin/api-keys');
    await page.getByRole('button', { name: 'Make a key' }).first().click();
    await page.getByRole('dialog').getByLabel('Name').fill('till backend');
    await page.getByRole('dialog').getByLabel('Role').selectOption('analyst');
    await page.getByRole('dialog').getByRole('button', { name: 'Make the key' }).click();
    await page.getByRole('button', { name: 'Copy secret' }).click();
    const secret = await page.evaluate(() => navigator.clipboard.readText());
    await page.getByRole('button', { name: 'Copy key', exact: true }).click();
    const key = await page.evaluate(() => navigator.clipboard.readText());
    expect((await api('GET', '/api/v1/auth/me', { token: `${key}.${secret}` })).status).toBe(200);
    await takePicture(page, 'api-key-secret', false);
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'I have copied it' }).click();
    expect(await page.content()).not.toContain(secret);
    await page.getByRole('button', { name: 'Revoke till backend' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('till backend is refused from now on.').waitFor();
    expect((await api('GET', '/api/v1/auth/me', { token: `${key}.${secret}` })).status).toBe(401);
  });

  it('invites somebody, who sets a password and signs in', async () => {
    const page = await at.open('/admin/members');
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Ítala Neves');
    await dialog.getByLabel('E-mail address').fill('itala@nordlicht.example');
    await dialog.getByLabel('Role').selectOption('analyst');
    await dialog.getByRole('button', { name: 'Make the link' }).click();
    await dialog.getByRole('button', { name: 'Copy invitation link' }).click();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    await takePicture(page, 'invitation-link', false);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('table', { name: 'Open invitations' }).getByText('itala@nordlicht.example').waitFor();
    await settle(page);
    await takePicture(page, 'members-invited');

    const guest = await visit();
    await guest.page.goto(`/invitation${new URL(link).hash}`);
    await guest.page.getByLabel('Password').fill('a password of her own');
    await guest.page.getByRole('button', { name: 'Accept the invitation' }).click();
    await guest.page.getByText('Welcome').waitFor();
    expect(new URL(guest.page.url()).hash).toBe('');
    await signIn(guest.page, 'itala@nordlicht.example', 'a password of her own');
    await guest.page.getByText('Your role: analyst').first().waitFor();
    await guest.leave();
  });

  it('revokes an invitation, so that its link is worth nothing', async () => {
    const body = { email: 'gone@nordlicht.example', name: 'Gone', role: 'member' };
    const added = await api<{ invitation_url: string }>('POST', `/organizations/${scene.organizationId}/members`, {
      token: at.token,
      body,
    });
    const page = await at.open('/admin/members');
    await page.getByRole('button', { name: 'Revoke the invitation of gone@nordlicht.example' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('The link no longer works.').waitFor();
    const accepted = await api('POST', '/api/v1/auth/invitations', {
      body: { token: added.json.invitation_url.split('#')[1], password: 'a password of his own' },
    });
    expect(accepted.status).toBe(422);
  });

  it('changes a role and refuses to leave an organization without an owner, in the server’s words', async () => {
    const page = await at.open('/admin/members');
    await page.getByLabel('Role of Owner').selectOption('admin');
    await page.getByText('Make somebody else an owner first').first().waitFor();
    await settle(page);
    expect(await page.getByLabel('Role of Owner').inputValue()).toBe('owner');
  });

  it('asks before a shorter retention, and places and releases a legal hold', async () => {
    const page = await at.open('/admin/retention');
    await page.getByLabel('Days').fill('700');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Remove events older than 700 days?').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Place a hold' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('case-2026-041');
    await page.getByRole('dialog').getByLabel('Reason').fill('Court order of 3 November 2026');
    await page.getByRole('dialog').getByRole('button', { name: 'Place the hold' }).click();
    await page.getByText('In force', { exact: true }).waitFor();
    await takePicture(page, 'retention-hold');
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Release case-2026-041' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click();
    await page.getByText('Released', { exact: true }).first().waitFor();
  });
});
