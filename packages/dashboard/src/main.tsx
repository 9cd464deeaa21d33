import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { Problem } from './api/problem.ts';
import { createDashboardRouter } from './router.tsx';
import { applyTheme } from './session/theme.ts';
import './styles.css';
import { Toasts } from './ui/toasts.tsx';

applyTheme();

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // What was refused is refused again; what was busy or away may answer next time.
      retry: (failures, error) => failures < 2 && error instanceof Problem && [0, 502, 503].includes(error.status),
      retryDelay: (_, error) => ((error instanceof Problem ? error.retryAfterSeconds : undefined) ?? 1) * 1000,
    },
  },
});

const router = createDashboardRouter(queryClient);

createRoot(document.querySelector('#root') as Element).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <Toasts>
          <RouterProvider router={router} />
        </Toasts>
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
