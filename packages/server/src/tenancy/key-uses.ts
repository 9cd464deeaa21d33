import type { Database } from '../storage/database.ts';
import { touchApiKeys } from './api-key-store.ts';

/** Last uses of API keys, gathered in memory and written now and then: one UPDATE a request would cost more than its work. */
export interface KeyUses {
  note(apiKey: string, at: Date): void;
  flush(): Promise<void>;
}

export function createKeyUses(db: Database): KeyUses {
  let uses = new Map<string, Date>();
  return {
    note: (apiKey, at) => void uses.set(apiKey, at),
    async flush() {
      if (uses.size === 0) return;
      const writing = uses;
      uses = new Map();
      await touchApiKeys(db.direct, writing);
    },
  };
}
