import type { ComponentProps, ReactNode } from 'react';

import { classes } from './classes.ts';

export type ButtonLook = 'primary' | 'plain' | 'quiet' | 'danger';

const LOOKS: Readonly<Record<ButtonLook, string>> = {
  primary: 'bg-accent-fill text-white border-accent-fill hover:bg-accent-fill-hover',
  plain: 'bg-surface text-ink border-line hover:bg-sunken',
  quiet: 'bg-transparent text-ink-2 border-transparent hover:bg-sunken hover:text-ink',
  danger: 'bg-surface text-bad border-line hover:bg-bad-soft',
};

export function buttonClasses(look: ButtonLook = 'plain', size: 'small' | 'normal' = 'normal'): string {
  return classes(
    'inline-flex items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap select-none',
    'transition-colors disabled:opacity-55',
    size === 'small' ? 'h-7 px-2 text-xs' : 'h-9 px-3 text-sm',
    LOOKS[look],
  );
}

export interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: ButtonLook;
  readonly size?: 'small' | 'normal';
  /** What is being done takes a while: the button stays in place and says so. */
  readonly busy?: boolean;
  readonly icon?: ReactNode;
}

export function Button({ look, size, busy = false, icon, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || busy}
      aria-busy={busy}
      className={classes(buttonClasses(look, size), className)}
    >
      {icon}
      {children}
      {busy && <span aria-hidden="true">…</span>}
    </button>
  );
}
