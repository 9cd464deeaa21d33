import { useEffect, useRef, useState } from 'react';

import { classes } from './classes.ts';
import { Icon } from './icons.tsx';

/** Something that people paste elsewhere: an id, a key, a hash. The whole text is copied, however much of it shows. */
export function Copyable({
  text,
  label,
  className,
  short = false,
}: {
  readonly text: string;
  /** What it is, for the name of the button: "event id". */
  readonly label: string;
  readonly className?: string;
  readonly short?: boolean;
}) {
  const [copied, copy] = useCopy(text);
  return (
    <span className={classes('inline-flex max-w-full min-w-0 items-center gap-1', className)}>
      <code className={classes('min-w-0 font-mono text-[0.8125rem]', short ? 'truncate' : 'break-all')} title={text}>
        {text}
      </code>
      <button
        type="button"
        onClick={copy}
        className="no-print grid size-6 shrink-0 place-items-center rounded text-ink-3 hover:bg-sunken hover:text-ink"
        aria-label={copied ? `Copied ${label}` : `Copy ${label}`}
        title={copied ? 'Copied' : 'Copy'}
      >
        <Icon name={copied ? 'check' : 'copy'} className="size-3.5" />
      </button>
    </span>
  );
}

export function useCopy(text: string): [copied: boolean, copy: () => void] {
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return [
    copied,
    () => {
      void writeClipboard(text).then(() => {
        setCopied(true);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => setCopied(false), 2000);
      });
    },
  ];
}

/** Plain-http hosts have no clipboard API; a selected field and the old command work there. */
async function writeClipboard(text: string): Promise<void> {
  // eslint-disable-next-line typescript/no-unnecessary-condition
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'fixed opacity-0';
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}
