export const MENU_POPUP =
  'min-w-44 max-w-[min(22rem,calc(100vw-2rem))] rounded-md border border-line bg-surface p-1 text-ink shadow-lg outline-none';
export const MENU_ITEM =
  'flex cursor-pointer items-center gap-2 rounded px-2 py-1.5 text-sm outline-none select-none data-[highlighted]:bg-sunken';
