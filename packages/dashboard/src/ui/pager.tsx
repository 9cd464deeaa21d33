import { Button } from './button.tsx';
import { number } from './format.ts';

export function Pager({
  page,
  pages,
  onPage,
}: {
  readonly page: number;
  readonly pages: number;
  readonly onPage: (page: number) => void;
}) {
  if (pages <= 1) return null;
  return (
    <nav
      aria-label="Pages"
      className="no-print flex items-center justify-between gap-3 border-t border-line px-4 py-2.5 sm:px-5"
    >
      <Button size="small" disabled={page <= 1} onClick={() => onPage(page - 1)}>
        Newer
      </Button>
      <span className="tabular text-xs text-ink-3">
        Page {number(page)} of {number(pages)}
      </span>
      <Button size="small" disabled={page >= pages} onClick={() => onPage(page + 1)}>
        Older
      </Button>
    </nav>
  );
}
