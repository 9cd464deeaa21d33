import { useId, type ComponentProps, type ReactNode } from 'react';

import { classes } from './classes.ts';

const CONTROL =
  'h-9 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-sm text-ink placeholder:text-ink-3 aria-invalid:border-bad disabled:bg-sunken disabled:text-ink-3';

interface FieldFacts {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly className?: string | undefined;
}

function Frame({
  id,
  label,
  hint,
  error,
  className,
  children,
}: FieldFacts & { readonly id: string; readonly children: ReactNode }) {
  return (
    <div className={classes('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className="text-[0.8125rem] font-medium">
        {label}
      </label>
      {children}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-xs text-ink-3">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} className="text-xs font-medium text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

function describedBy(id: string, { hint, error }: FieldFacts): string | undefined {
  const names = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean);
  return names.length === 0 ? undefined : names.join(' ');
}

export function TextField({ label, hint, error, className, ...rest }: FieldFacts & ComponentProps<'input'>) {
  const id = useId();
  const facts = { label, hint, error, className };
  return (
    <Frame {...facts} id={id}>
      <input
        {...rest}
        id={id}
        className={classes(CONTROL, rest.type === 'file' && 'py-1.5')}
        aria-invalid={error !== undefined}
        aria-describedby={describedBy(id, facts)}
      />
    </Frame>
  );
}

export function TextArea({ label, hint, error, className, ...rest }: FieldFacts & ComponentProps<'textarea'>) {
  const id = useId();
  const facts = { label, hint, error, className };
  return (
    <Frame {...facts} id={id}>
      <textarea
        rows={3}
        {...rest}
        id={id}
        className={classes(CONTROL, 'h-auto py-2')}
        aria-invalid={error !== undefined}
        aria-describedby={describedBy(id, facts)}
      />
    </Frame>
  );
}

export function SelectField({
  label,
  hint,
  error,
  className,
  children,
  ...rest
}: FieldFacts & ComponentProps<'select'>) {
  const id = useId();
  const facts = { label, hint, error, className };
  return (
    <Frame {...facts} id={id}>
      <select {...rest} id={id} className={CONTROL} aria-describedby={describedBy(id, facts)}>
        {children}
      </select>
    </Frame>
  );
}

export function CheckField({
  label,
  hint,
  ...rest
}: { readonly label: string; readonly hint?: string } & ComponentProps<'input'>) {
  const id = useId();
  return (
    <div className="flex items-start gap-2.5">
      <input
        {...rest}
        type="checkbox"
        id={id}
        className="mt-0.5 size-4 shrink-0 accent-[var(--accent-fill)]"
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      />
      <div>
        <label htmlFor={id} className="text-sm">
          {label}
        </label>
        {hint !== undefined && (
          <p id={`${id}-hint`} className="text-xs text-ink-3">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
