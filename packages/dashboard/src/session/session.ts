import { useSyncExternalStore } from 'react';

export interface Session {
  readonly token: string;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

/** Lives as long as the tab: closing it forgets the token, and no other tab and no other origin sees it. */
const STORED = 'veritrail.session';
const LAST_ORGANIZATION = 'veritrail.organization';

let current = read();
const listeners = new Set<() => void>();

export function currentSession(): Session | undefined {
  if (current !== undefined && current.expiresAt <= Date.now()) endSession();
  return current;
}

export function beginSession(session: Session): void {
  current = session;
  sessionStorage.setItem(STORED, JSON.stringify(session));
  for (const listener of listeners) listener();
}

/** @param options.quiet tells nobody: for who leaves the pages that listen anyway */
export function endSession(options: { readonly quiet?: boolean } = {}): void {
  current = undefined;
  sessionStorage.removeItem(STORED);
  if (options.quiet === true) return;
  for (const listener of listeners) listener();
}

export function useSession(): Session | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

/** Which organization to open next time; an id says nothing about anybody. */
export function lastOrganization(): string | null {
  return localStorage.getItem(LAST_ORGANIZATION);
}

export function rememberOrganization(id: string): void {
  localStorage.setItem(LAST_ORGANIZATION, id);
}

function read(): Session | undefined {
  try {
    const stored = JSON.parse(sessionStorage.getItem(STORED) ?? 'null') as Session | null;
    return stored !== null && typeof stored.token === 'string' && stored.expiresAt > Date.now() ? stored : undefined;
  } catch {
    return undefined;
  }
}
