import type { ReactNode } from 'react';

import { Problem, sentenceOf } from '../api/problem.ts';
import { Button } from './button.tsx';
import { Icon, type IconName } from './icons.tsx';

function State({
  icon,
  title,
  children,
  action,
  role,
}: {
  readonly icon?: IconName;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  readonly role?: 'alert';
}) {
  return (
    <div role={role} className="flex flex-col items-center gap-2 px-4 py-10 text-center">
      {icon !== undefined && <Icon name={icon} className="size-6 text-ink-3" />}
      <p className="font-medium">{title}</p>
      {children !== undefined && <div className="max-w-prose text-sm text-ink-3">{children}</div>}
      {action !== undefined && <div className="no-print mt-2">{action}</div>}
    </div>
  );
}

/** Nothing is there, which is no failure: says what would be, and how to get it. */
export function Empty({
  title,
  children,
  action,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <State title={title} action={action}>
      {children}
    </State>
  );
}

/** What could not be shown: in the server's words, with a way to try again where that may help. */
export function Failed({ error, onRetry }: { readonly error: unknown; readonly onRetry?: (() => void) | undefined }) {
  const title = error instanceof Problem ? error.title : 'This could not be shown';
  const refused = error instanceof Problem && [403, 404].includes(error.status);
  return (
    <State
      role="alert"
      icon={refused ? 'keys' : 'warning'}
      title={title}
      action={refused || onRetry === undefined ? undefined : <Button onClick={onRetry}>Try again</Button>}
    >
      <p>{sentenceOf(error)}</p>
    </State>
  );
}

/** In place of what is on its way, as tall as that will be. */
export function Skeleton({ lines = 3, className = 'h-4' }: { readonly lines?: number; readonly className?: string }) {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-3 py-1">
      {Array.from({ length: lines }, (_, at) => (
        <div key={at} className={`skeleton ${className} ${at % 3 === 2 ? 'w-2/3' : 'w-full'}`} />
      ))}
    </div>
  );
}
