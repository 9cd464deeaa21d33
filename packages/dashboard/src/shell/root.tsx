import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';

/** Around every page: says to screen readers that another page is shown, as browsers do when they load one. */
export function Root() {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const [title, setTitle] = useState('');
  const first = useRef(true);
  useEffect(() => {
    if (path === undefined) return undefined;
    if (first.current) {
      first.current = false;
      return undefined;
    }
    const timer = setTimeout(() => setTitle(document.title), 300);
    return () => clearTimeout(timer);
  }, [path]);
  return (
    <>
      <Outlet />
      <p aria-live="polite" className="sr-only">
        {title}
      </p>
    </>
  );
}
