import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { Failed, Skeleton } from './states.tsx';

/** What a query brought, or its skeleton, or why not. Old data stays while new is on its way. */
export function Loaded<T>({
  query,
  skeleton,
  children,
}: {
  readonly query: Pick<UseQueryResult<T>, 'data' | 'error' | 'refetch'>;
  readonly skeleton?: ReactNode;
  readonly children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error !== null) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  return <>{skeleton ?? <Skeleton />}</>;
}
