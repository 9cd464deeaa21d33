import type { ReactNode } from 'react';

/** 20 × 20, drawn for this dashboard. They always stand beside words, so nothing is read out for them. */
const PATHS = {
  declarations: <path d="M5 2.500h7l3.500 3.500v11.500H5zM12 2.500V6h3.500M7.500 10h5M7.500 13h5" />,
  signature: <path d="M3 15c2-6 4-10 5.500-10S9 12 7.500 14c1.500-2.500 3.500-4 4.500-4s0 3 1 3 2-1 4-1M3 17.500h14" />,
  billing: <path d="M3 5h14v10.500H3zM3 8.500h14M6 12.500h3" />,
  overview: <path d="M3 9.5 10 3l7 6.5V17h-4.5v-4.5h-5V17H3z" />,
  compliance: <path d="M10 2.5 16.5 5v4.5c0 4-2.7 6.8-6.5 8-3.8-1.2-6.5-4-6.5-8V5zM7 9.8l2.2 2.2L13.2 8" />,
  audit: <path d="M4 4h12M4 8h12M4 12h7M4 16h5M14.5 12.5v5M12 15h5" />,
  reports: <path d="M4 17V9M9 17V4M14 17v-6M3 17h14" />,
  flags: <path d="M5 17.5V3m0 .8c4-2 6 2 10.5.2v7.5C11 13.500 9 9.500 5 11.500" />,
  services: (
    <path d="M4 5.500c0-1.400 2.700-2.500 6-2.500s6 1.100 6 2.500-2.700 2.500-6 2.500-6-1.100-6-2.500zm0 0v9c0 1.400 2.700 2.500 6 2.500s6-1.100 6-2.500v-9M4 10c0 1.400 2.700 2.500 6 2.500s6-1.100 6-2.500" />
  ),
  backups: <path d="M4 4.500h12v12H4zM4 8.500h12M8 2.500v3.500M12 2.500v3.500M8 12.500l1.500 1.500 3-3" />,
  zones: (
    <path d="M10 17.500s5.500-4.500 5.500-9a5.500 5.500 0 0 0-11 0c0 4.500 5.500 9 5.500 9zM10 10.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4z" />
  ),
  members: (
    <path d="M7.500 9.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.500 17c0-3 2-5 5-5s5 2 5 5M13 9.500a2.500 2.500 0 1 0-1-4.800M14.500 12c2 .6 3 2.400 3 5" />
  ),
  keys: (
    <path d="M12.500 11.500a4 4 0 1 0-3.700-2.500L3 14.800V17h2.500v-2H7.500v-2l1.800-1.800c.9.300 2 .3 3.200.3zM13.200 7.300h.1" />
  ),
  retention: <path d="M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM10 5.500V10l3 2" />,
  organization: (
    <path d="M4 17V4.500L11 3v14M11 8l5 1.500V17M2.500 17h15M6.500 7.500h2M6.500 10.500h2M6.500 13.500h2" />
  ),
  verify: (
    <path d="M9 15a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM13.500 13.500 17.500 17.500M6.500 9l1.800 1.800L11.500 7.500" />
  ),
  account: (
    <path d="M10 10a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM3.500 17.500c.5-3.300 3-5 6.500-5s6 1.700 6.500 5" />
  ),
  menu: <path d="M3 5.500h14M3 10h14M3 14.500h14" />,
  close: <path d="M5 5l10 10M15 5 5 15" />,
  copy: <path d="M7 7h9.500v9.500H7zM13 7V3.500H3.500V13H7" />,
  check: <path d="M4 10.500l4 4 8-9" />,
  warning: <path d="M10 3 18 17H2zM10 8v4M10 14.500v.1" />,
  info: <path d="M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM10 9v5M10 6.300v.1" />,
  cross: (
    <path d="M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM7.300 7.300l5.400 5.400M12.700 7.300l-5.400 5.400" />
  ),
  download: <path d="M10 3v9M6 8.500l4 4 4-4M3.500 16.500h13" />,
  refresh: <path d="M16 10a6 6 0 1 1-1.800-4.300M16.500 3v3.500H13" />,
  plus: <path d="M10 4v12M4 10h12" />,
  chevron: <path d="M7 8l3 3 3-3" />,
  arrow: <path d="M4 10h12M11 5l5 5-5 5" />,
  dash: <path d="M5 10h10" />,
  print: <path d="M6 8V3h8v5M6 14H3.500V8h13v6H14M6 12h8v5H6z" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof PATHS;

export function Icon({ name, className = 'size-4' }: { readonly name: IconName; readonly className?: string }) {
  return (
    <svg
      viewBox="0 0 20 20"
      className={`shrink-0 ${className}`}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {PATHS[name]}
    </svg>
  );
}
