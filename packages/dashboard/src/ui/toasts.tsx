import { Toast } from '@base-ui/react/toast';
import type { ReactNode } from 'react';

import { Icon } from './icons.tsx';

const manager = Toast.createToastManager();

/** Says briefly what was done; screen readers read it out, and it goes by itself. */
export function tell(title: string, kind: 'done' | 'failed' = 'done'): void {
  manager.add({ title, type: kind, ...(kind === 'failed' && { priority: 'high' as const, timeout: 10_000 }) });
}

export function Toasts({ children }: { readonly children: ReactNode }) {
  return (
    <Toast.Provider toastManager={manager} timeout={5000}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="no-print fixed right-4 bottom-4 z-60 flex w-[min(22rem,calc(100vw-2rem))] flex-col gap-2">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function ToastList() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className="rounded-md border border-line bg-surface text-ink shadow-lg data-[limited]:hidden"
    >
      <Toast.Content className="flex items-start gap-2.5 px-3.5 py-3 text-sm">
        <Icon
          name={toast.type === 'failed' ? 'warning' : 'check'}
          className={`mt-0.5 size-4 ${toast.type === 'failed' ? 'text-bad' : 'text-ok'}`}
        />
        <Toast.Title className="min-w-0 flex-1 font-medium" />
        <Toast.Close className="grid size-5 place-items-center rounded text-ink-3 hover:text-ink" aria-label="Dismiss">
          <Icon name="close" className="size-3.5" />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}
