import { Dialog } from '@base-ui/react/dialog';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate, useParams, useRouter } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';

import { noAnswer, Problem } from '../api/problem.ts';
import { meQuery, type Me } from '../api/queries.ts';
import type { MemberRole } from '../session/roles.ts';
import { rememberOrganization, useSession } from '../session/session.ts';
import { Icon } from '../ui/icons.tsx';
import { Failed } from '../ui/states.tsx';
import { Brand } from './brand.tsx';
import { Navigation } from './navigation.tsx';
import { OrganizationMenu } from './organization-menu.tsx';
import { OrganizationContext, type CurrentOrganization } from './organization.ts';
import { PagePending } from './page-pending.tsx';
import { SkipLink } from './skip-link.tsx';
import { ThemeMenu } from './theme-menu.tsx';
import { UserMenu } from './user-menu.tsx';

/** Around every page of an organization. */
export function Shell() {
  const { orgId } = useParams({ from: '/o/$orgId' });
  const session = useSession();
  const me = useQuery({ ...meQuery(orgId), enabled: session !== undefined });
  const current = me.data === undefined ? undefined : currentOf(me.data);
  useEffect(() => {
    if (current !== undefined) rememberOrganization(current.id);
  }, [current]);

  if (session === undefined) return <ToSignIn />;
  const isNone = me.error instanceof Problem && me.error.code === 'not_found';
  if (isNone || (me.data !== undefined && current === undefined)) return <NoSuchOrganization />;
  if (me.error !== null && me.data === undefined) {
    return (
      <main id="main" className="grid min-h-dvh place-items-center">
        <h1 className="sr-only">Veritrail</h1>
        <Failed error={me.error ?? noAnswer()} onRetry={() => void me.refetch()} />
      </main>
    );
  }
  // The same frame before and after, so that nothing in it moves or loses the focus.
  return (
    <OrganizationContext value={current}>
      <Frame me={current === undefined ? undefined : me.data} />
    </OrganizationContext>
  );
}

/** Once, with the address of this moment: while it navigates, the address changes under it. */
function ToSignIn() {
  const navigate = useNavigate();
  const router = useRouter();
  const gone = useRef(false);
  useEffect(() => {
    if (gone.current) return;
    gone.current = true;
    const { href } = router.state.location;
    void navigate({ to: '/sign-in', search: href.startsWith('/o/') ? { back: href } : {}, replace: true });
  }, [navigate, router]);
  return <Frame />;
}

function Frame({ me }: { readonly me?: Me | undefined }) {
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15.5rem_minmax(0,1fr)]">
      <SkipLink />
      <header className="no-print sticky top-0 hidden h-dvh flex-col gap-4 overflow-y-auto border-r border-line bg-surface px-3 py-4 lg:flex">
        <div className="flex items-center justify-between pr-1 pl-2.5">
          <Brand />
          <ThemeMenu />
        </div>
        {me !== undefined && <SideContent me={me} />}
      </header>
      <header className="no-print sticky top-0 z-30 flex h-14 items-center gap-3 border-b border-line bg-surface px-4 lg:hidden">
        {me !== undefined && <Drawer me={me} />}
        <Brand />
        <span className="flex-1" />
        <ThemeMenu />
      </header>
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto w-full max-w-[78rem] min-w-0 px-4 py-5 outline-none sm:px-6 lg:px-8 lg:py-7 print:p-0"
      >
        {me === undefined ? <PagePending /> : <Outlet />}
      </main>
    </div>
  );
}

function SideContent({ me, onFollow }: { readonly me: Me; readonly onFollow?: () => void }) {
  return (
    <>
      <OrganizationMenu organizations={me.organizations} />
      <div className="flex-1">
        <Navigation {...(onFollow !== undefined && { onFollow })} />
      </div>
      <UserMenu />
    </>
  );
}

function Drawer({ me }: { readonly me: Me }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger
        className="-ml-1.5 grid size-9 place-items-center rounded-md text-ink-2 hover:bg-sunken"
        aria-label="Menu"
      >
        <Icon name="menu" className="size-5" />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-[rgb(10_14_20/45%)]" />
        <Dialog.Popup className="fixed inset-y-0 left-0 z-50 flex w-[min(18rem,88vw)] flex-col gap-4 overflow-y-auto bg-surface px-3 py-4 text-ink shadow-2xl outline-none">
          <div className="flex items-center justify-between pl-2.5">
            <Dialog.Title>
              <Brand />
            </Dialog.Title>
            <Dialog.Close
              className="grid size-8 place-items-center rounded-md text-ink-3 hover:bg-sunken"
              aria-label="Close the menu"
            >
              <Icon name="close" />
            </Dialog.Close>
          </div>
          <SideContent me={me} onFollow={() => setOpen(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function currentOf({ organization, role, id, name, email, password }: Me): CurrentOrganization | undefined {
  if (organization === null || role === null) return undefined;
  return { ...organization, role: role as MemberRole, user: { id, name, email: email ?? '', password } };
}

function NoSuchOrganization() {
  return (
    <main id="main" className="grid min-h-dvh place-items-center">
      <div>
        <h1 className="sr-only">No such organization</h1>
        <Failed
          error={
            new Problem({
              status: 404,
              code: 'not_found',
              title: 'There is no such organization for you',
              detail: 'It does not exist, or you are no member of it. Ask one of its admins to invite you.',
            })
          }
        />
        <p className="text-center text-sm">
          <a href="/" className="text-accent underline">
            Go to your organizations
          </a>
        </p>
      </div>
    </main>
  );
}
