import { Link, Outlet } from '@tanstack/react-router';

import { useSession } from '../session/session.ts';
import { Brand } from './brand.tsx';
import { SkipLink } from './skip-link.tsx';
import { ThemeMenu } from './theme-menu.tsx';

/** Around pages that need no organization. */
export function Bare() {
  const session = useSession();
  return (
    <div className="flex min-h-dvh flex-col">
      <SkipLink />
      <header className="no-print flex h-14 items-center justify-between gap-4 border-b border-line bg-surface px-4 sm:px-6">
        <Link to="/" className="rounded" aria-label="Veritrail, start page">
          <Brand />
        </Link>
        <nav aria-label="Main" className="flex items-center gap-1 text-sm">
          <Link
            to="/verify"
            className="rounded-md px-2.5 py-1.5 whitespace-nowrap text-ink-2 hover:bg-sunken hover:text-ink"
          >
            Verify<span className="max-sm:sr-only"> a document</span>
          </Link>
          {session === undefined && (
            <Link
              to="/sign-in"
              search={{}}
              className="rounded-md px-2.5 py-1.5 whitespace-nowrap text-ink-2 hover:bg-sunken hover:text-ink"
            >
              Sign in
            </Link>
          )}
          <ThemeMenu />
        </nav>
      </header>
      <main id="main" tabIndex={-1} className="mx-auto w-full max-w-5xl flex-1 px-4 py-6 outline-none sm:px-6 sm:py-10">
        <Outlet />
      </main>
    </div>
  );
}
