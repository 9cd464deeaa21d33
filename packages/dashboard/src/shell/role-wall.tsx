import type { ReactNode } from 'react';

import type { MemberRole } from '../session/roles.ts';
import { Icon } from '../ui/icons.tsx';
import { useMay, useOrganization } from './organization.ts';

/** Says who may see a page, before the server has to refuse it. */
export function RoleWall({
  role,
  what,
  children,
}: {
  readonly role: MemberRole;
  readonly what: string;
  readonly children: ReactNode;
}) {
  const { role: held, name } = useOrganization();
  if (useMay(role)) return children;
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-2 py-16 text-center">
      <Icon name="keys" className="size-7 text-ink-3" />
      <h1 className="text-lg font-semibold">
        {what} takes the role {role}
      </h1>
      <p className="text-sm text-ink-3">
        Yours in {name} is {held}. An admin or owner of it can change that under Members.
      </p>
    </div>
  );
}
