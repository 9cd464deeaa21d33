import { useId, type ReactNode } from 'react';

import { classes } from './classes.ts';

/** A part of a page with a heading of its own. */
export function Panel({
  title,
  hint,
  action,
  children,
  className,
  flush = false,
}: {
  readonly title: string;
  readonly hint?: ReactNode;
  readonly action?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
  /** For tables and lists that go from edge to edge. */
  readonly flush?: boolean;
}) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className={classes('min-w-0 rounded-lg border border-line bg-surface shadow-card', className)}
    >
      <div className="flex items-start justify-between gap-x-4 gap-y-1 px-4 pt-3.5 pb-3 sm:px-5">
        <div className="min-w-0">
          <h2 id={id} className="text-[0.9375rem] font-semibold">
            {title}
          </h2>
          {hint !== undefined && <p className="mt-0.5 max-w-[80ch] text-[0.8125rem] text-ink-3">{hint}</p>}
        </div>
        {action !== undefined && <div className="no-print flex shrink-0 flex-wrap gap-2">{action}</div>}
      </div>
      <div className={flush ? 'border-t border-line' : 'px-4 pb-4 sm:px-5 sm:pb-5'}>{children}</div>
    </section>
  );
}

export function PageHeader({
  title,
  lead,
  action,
}: {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <h1 className="text-xl font-semibold tracking-tight sm:text-2xl">{title}</h1>
        {lead !== undefined && <div className="mt-1 max-w-[80ch] text-sm text-ink-3">{lead}</div>}
      </div>
      {action !== undefined && <div className="no-print flex flex-wrap gap-2">{action}</div>}
    </div>
  );
}

export function Facts({ children, className }: { readonly children: ReactNode; readonly className?: string }) {
  return (
    <dl
      className={classes(
        'grid grid-cols-[minmax(6.5rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-3 text-sm sm:grid-cols-[minmax(9rem,auto)_minmax(0,1fr)] sm:gap-x-6',
        className,
      )}
    >
      {children}
    </dl>
  );
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}
