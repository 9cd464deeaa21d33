import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';

import { classes } from './classes.ts';
import { Icon } from './icons.tsx';

/** Over the page: in its middle, or at its side for what is read beside the page. */
export function Sheet({
  open,
  onClose,
  title,
  description,
  children,
  footer,
  side = false,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  readonly side?: boolean;
}) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-[rgb(10_14_20/45%)]" />
        <Dialog.Viewport
          className={classes(
            'fixed inset-0 z-50 flex',
            side ? 'justify-end' : 'items-center justify-center p-3 sm:p-6',
          )}
        >
          <Dialog.Popup
            className={classes(
              'flex max-h-full w-full flex-col bg-surface text-ink shadow-2xl outline-none',
              side ? 'h-full max-w-xl border-l border-line' : 'max-w-lg rounded-lg border border-line',
            )}
          >
            <div className="flex items-start justify-between gap-4 border-b border-line px-5 py-3.5">
              <div className="min-w-0">
                <Dialog.Title className="text-base font-semibold">{title}</Dialog.Title>
                {description !== undefined && (
                  <Dialog.Description className="mt-0.5 text-[0.8125rem] text-ink-3">{description}</Dialog.Description>
                )}
              </div>
              <Dialog.Close
                className="grid size-8 shrink-0 place-items-center rounded-md text-ink-3 hover:bg-sunken hover:text-ink"
                aria-label="Close"
              >
                <Icon name="close" />
              </Dialog.Close>
            </div>
            <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
            {footer !== undefined && (
              <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{footer}</div>
            )}
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
