import { Skeleton } from '../ui/states.tsx';

/** While the code of a page is on its way. */
export function PagePending() {
  return (
    <div className="flex flex-col gap-6">
      <div className="skeleton h-8 w-56" />
      <Skeleton lines={6} className="h-6" />
    </div>
  );
}
