import type { ReactNode } from 'react';

import type { Tone } from './badge.tsx';
import { classes } from './classes.ts';
import { Icon } from './icons.tsx';

const LOOKS = {
  ok: ['border-ok/30 bg-ok-soft text-ok', 'check'],
  warn: ['border-warn/30 bg-warn-soft text-warn', 'warning'],
  bad: ['border-bad/30 bg-bad-soft text-bad', 'cross'],
  neutral: ['border-line bg-sunken text-ink-2', 'info'],
  accent: ['border-accent/25 bg-accent-soft text-accent', 'info'],
} as const satisfies Record<Tone, readonly [string, string]>;

/** Something to know before going on. What went wrong is read out at once. */
export function Notice({
  tone = 'neutral',
  title,
  children,
}: {
  readonly tone?: Tone;
  readonly title: string;
  readonly children?: ReactNode;
}) {
  const [look, icon] = LOOKS[tone];
  return (
    <div
      role={tone === 'bad' ? 'alert' : undefined}
      className={classes('flex gap-2.5 rounded-md border px-3.5 py-2.5 text-sm', look)}
    >
      <Icon name={icon} className="mt-0.5 size-4" />
      <div className="min-w-0">
        <p className="font-medium">{title}</p>
        {children !== undefined && <div className="mt-0.5 text-[0.8125rem]">{children}</div>}
      </div>
    </div>
  );
}
