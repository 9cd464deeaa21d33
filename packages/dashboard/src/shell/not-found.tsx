import { Link } from '@tanstack/react-router';

import { buttonClasses } from '../ui/button.tsx';
import { Empty } from '../ui/states.tsx';
import { useTitle } from './use-title.ts';

export function NotFound() {
  useTitle('Nothing here');
  return (
    <main id="main" className="grid min-h-[60vh] place-items-center">
      <div>
        <h1 className="sr-only">Nothing here</h1>
        <Empty
          title="There is no page at this address"
          action={
            <Link to="/" className={buttonClasses('primary')}>
              Go to the overview
            </Link>
          }
        >
          Check the address for a typing error, or start from the overview.
        </Empty>
      </div>
    </main>
  );
}
