import { Menu } from '@base-ui/react/menu';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';

import { call } from '../api/call.ts';
import { endSession } from '../session/session.ts';
import { Icon } from '../ui/icons.tsx';
import { MENU_ITEM, MENU_POPUP } from '../ui/menu-classes.ts';
import { useOrganization } from './organization.ts';

export function UserMenu() {
  const { id, user } = useOrganization();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const signOut = async (): Promise<void> => {
    // The token is forgotten here whatever the server says; it ends there by itself some hours later.
    await call('post', '/api/v1/auth/logout').catch(() => undefined);
    // Away first: without a session these pages would ask to come back to them.
    endSession({ quiet: true });
    await navigate({ to: '/sign-in', search: {} });
    queryClient.clear();
  };
  return (
    <Menu.Root>
      <Menu.Trigger className="flex w-full min-w-0 items-center gap-2.5 rounded-md px-2.5 py-1.5 text-start hover:bg-sunken">
        <Icon name="account" className="size-5 text-ink-3" />
        <span className="min-w-0 flex-1">
          <span className="block truncate text-sm">{user.name}</span>
          <span className="block truncate text-2xs text-ink-3">{user.email}</span>
        </span>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="start" side="top" sideOffset={6} className="z-60">
          <Menu.Popup className={MENU_POPUP}>
            <Menu.Item
              className={MENU_ITEM}
              onClick={() => void navigate({ to: '/o/$orgId/account', params: { orgId: id } })}
            >
              Your account
            </Menu.Item>
            <Menu.Item className={MENU_ITEM} onClick={() => void signOut()}>
              Sign out
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
