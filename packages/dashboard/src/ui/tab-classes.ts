export const TABS = 'no-print mb-5 flex gap-1 border-b border-line';
export const TAB =
  '-mb-px border-b-2 border-transparent px-3 py-2 text-sm font-medium text-ink-2 hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-accent';
