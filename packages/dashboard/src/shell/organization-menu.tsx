import { Menu } from '@base-ui/react/menu';
import { useNavigate } from '@tanstack/react-router';

import type { Me } from '../api/queries.ts';
import { Icon } from '../ui/icons.tsx';
import { MENU_ITEM, MENU_POPUP } from '../ui/menu-classes.ts';
import { useOrganization } from './organization.ts';

export function OrganizationMenu({ organizations }: { readonly organizations: Me['organizations'] }) {
  const { id, name, role } = useOrganization();
  const navigate = useNavigate();
  return (
    <Menu.Root>
      <Menu.Trigger
        title="Switch the organization"
        className="flex w-full min-w-0 items-center gap-2.5 rounded-md border border-line bg-surface px-2.5 py-1.5 text-start hover:bg-sunken"
      >
        <Initials name={name} />
        <span className="min-w-0 flex-1">
          <span className="block truncate text-sm font-medium">{name}</span>
          <span className="block text-2xs text-ink-3">Your role: {role}</span>
        </span>
        <Icon name="chevron" className="size-4 text-ink-3" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="start" sideOffset={6} className="z-60">
          <Menu.Popup className={MENU_POPUP}>
            <Menu.Group>
              <Menu.GroupLabel className="px-2 py-1 text-xs text-ink-3">Your organizations</Menu.GroupLabel>
              {organizations.map((one) => (
                <Menu.Item
                  key={one.id}
                  className={MENU_ITEM}
                  aria-current={one.id === id ? 'true' : undefined}
                  onClick={() => void navigate({ to: '/o/$orgId', params: { orgId: one.id } })}
                >
                  <span className="grid size-4 shrink-0 place-items-center">
                    {one.id === id && <Icon name="check" className="size-3.5" />}
                  </span>
                  <span className="min-w-0 flex-1 truncate">{one.name}</span>
                  <span className="text-xs text-ink-3">{one.role}</span>
                </Menu.Item>
              ))}
            </Menu.Group>
            <Menu.Separator className="my-1 h-px bg-line" />
            <Menu.Item className={MENU_ITEM} onClick={() => void navigate({ to: '/', search: { new: true } as never })}>
              <Icon name="plus" />
              New organization
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function Initials({ name }: { readonly name: string }) {
  const letters = name
    .split(/\s+/)
    .map((word) => [...word][0] ?? '')
    .filter((letter) => /[\p{L}\p{N}]/u.test(letter))
    .slice(0, 2)
    .join('');
  return (
    <span
      aria-hidden="true"
      className="grid size-7 shrink-0 place-items-center rounded bg-accent-fill text-xs font-semibold text-white"
    >
      {letters.toUpperCase() || '·'}
    </span>
  );
}
