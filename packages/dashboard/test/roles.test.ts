import { describe, expect, it } from 'vitest';

import { atThePages } from './support/at-the-pages.ts';
import { barriers, inDemo, makeMember, settle, takePicture } from './support/visitor.ts';

const at = atThePages();

describe('roles', () => {
  it.each([
    [
      'member',
      [
        'Overview',
        'Compliance',
        'Services',
        'Backups',
        'Declarations',
        'Zones',
        'Members',
        'Signing keys',
        'Organization',
        'Verify',
      ],
    ],
    [
      'analyst',
      [
        'Overview',
        'Compliance',
        'Audit log',
        'Flags',
        'Services',
        'Backups',
        'Declarations',
        'Zones',
        'Members',
        'Signing keys',
        'Organization',
        'Verify',
      ],
    ],
    [
      'admin',
      [
        'Overview',
        'Compliance',
        'Audit log',
        'Flags',
        'Activity reports',
        'Services',
        'Backups',
        'Declarations',
        'Zones',
        'Members',
        'API keys',
        'Retention and holds',
        'Signing keys',
        'Billing',
        'Organization',
        'Verify',
      ],
    ],
  ])('a %s is offered what that role may do', async (role, expected) => {
    const { token: own } = await makeMember(role);
    const page = await at.open('', own);
    const links = page.getByRole('navigation', { name: 'Main' }).getByRole('link');
    await links.first().waitFor();
    expect(await links.allTextContents()).toEqual(expected);
    await takePicture(page, `overview-${role}`);
    expect(await barriers(page)).toEqual([]);
    await page.goto(inDemo('/records/services'));
    await settle(page);
    expect(await page.getByRole('button', { name: 'Record a service' }).count()).toBe(role === 'admin' ? 1 : 0);
  });

  it('too low for a page are told so, by name', async () => {
    const { token: own } = await makeMember('member');
    for (const path of ['/audit', '/audit/flags', '/audit/reports/soc2', '/admin/api-keys', '/admin/retention']) {
      const page = await at.open(path, own);
      await page.getByRole('heading', { name: /takes the role (analyst|admin)/ }).waitFor();
    }
    await takePicture(at.visitor.page, 'role-too-low');
    expect(await barriers(at.visitor.page)).toEqual([]);
  });
});
