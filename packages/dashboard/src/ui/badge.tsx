import type { ReactNode } from 'react';

import { classes } from './classes.ts';
import { Icon, type IconName } from './icons.tsx';

export type Tone = 'ok' | 'warn' | 'bad' | 'neutral' | 'accent';

const TONES: Readonly<Record<Tone, string>> = {
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  neutral: 'bg-sunken text-ink-2',
  accent: 'bg-accent-soft text-accent',
};

const SIGNS: Readonly<Record<Tone, IconName | undefined>> = {
  ok: 'check',
  warn: 'warning',
  bad: 'cross',
  neutral: undefined,
  accent: undefined,
};

/** Never by colour alone: the sign and the words say the same. */
export function Badge({
  tone = 'neutral',
  children,
  sign = true,
}: {
  readonly tone?: Tone;
  readonly children: ReactNode;
  readonly sign?: boolean;
}) {
  const icon = sign ? SIGNS[tone] : undefined;
  return (
    <span
      className={classes(
        'inline-flex max-w-full items-center gap-1 rounded px-1.5 py-0.5 text-xs font-medium sm:whitespace-nowrap',
        TONES[tone],
      )}
    >
      {icon !== undefined && <Icon name={icon} className="size-3.5" />}
      {children}
    </span>
  );
}

/** Yes or no, where yes is what one wants. */
export function YesNo({
  value,
  yes = 'Yes',
  no = 'No',
}: {
  readonly value: boolean;
  readonly yes?: string;
  readonly no?: string;
}) {
  return value ? <Badge tone="ok">{yes}</Badge> : <Badge tone="bad">{no}</Badge>;
}
