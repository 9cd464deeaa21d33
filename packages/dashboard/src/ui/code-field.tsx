import { TextField } from './field.tsx';

/** The second factor: six digits of an app, which phones offer to fill in, or one of the codes on paper. */
export function CodeField({
  recovery = false,
  autoFocus = false,
  hint = 'Six digits; they change every half minute.',
}: {
  readonly recovery?: boolean;
  readonly autoFocus?: boolean;
  readonly hint?: string;
}) {
  return recovery ? (
    <TextField
      label="Recovery code"
      hint="One of the ten that you kept. Each works once."
      name="code"
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      required
      minLength={16}
      maxLength={40}
      autoFocus={autoFocus}
    />
  ) : (
    <TextField
      label="Code of your authenticator app"
      hint={hint}
      name="code"
      autoComplete="one-time-code"
      inputMode="numeric"
      pattern="\s*(\d\s*){6}"
      title="Six digits"
      required
      maxLength={12}
      autoFocus={autoFocus}
    />
  );
}
