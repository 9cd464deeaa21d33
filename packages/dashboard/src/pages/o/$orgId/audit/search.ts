/** What the address of the audit log holds: filters that can be shared, and the event that is open. */
export interface AuditSearch {
  readonly action?: string;
  readonly resource_type?: string;
  readonly actor_id?: string;
  /** RFC 3339, both inclusive. */
  readonly start_date?: string;
  readonly end_date?: string;
  readonly event?: string;
}

const TEXTS = ['action', 'resource_type', 'actor_id', 'event'] as const;
const TIMES = ['start_date', 'end_date'] as const;

/** Addresses are typed and shared by people: what can't be meant is left out. */
export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  const found: Record<string, string> = {};
  for (const name of TEXTS) {
    const value = search[name];
    if (['string', 'number'].includes(typeof value) && value !== '') found[name] = String(value);
  }
  for (const name of TIMES) {
    const value = search[name];
    if (typeof value === 'string' && !Number.isNaN(Date.parse(value))) found[name] = value;
  }
  return found;
}
