import { randomInt, randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { call, EVENTS, type Answer, type CallOptions } from './calls.ts';
import { itemTexts } from './trail.ts';

export const SERVICE = {
  name: 'orders-prod',
  database_type: 'postgresql',
  zones: ['se-sto1'],
  storage_encrypted_at_rest: true,
  backup_encryption: 'AES-256-GCM',
  tls_enabled: true,
  backup_schedule: 'daily',
  backup_retention_days: 14,
} as const;

/** A request that records events under ids of the caller's own, so that it may be sent again. */
export interface Posting {
  readonly ids: readonly string[];
  readonly body: string;
  readonly batch: boolean;
  /** What was acknowledged, event by event: the bytes of the answer. */
  acknowledged: readonly string[] | undefined;
}

/** One service and what was asked of it, one change after the other; each gives it another name. */
export interface ServiceChanges {
  readonly serviceId: string;
  readonly sent: string[];
  readonly acknowledged: string[];
}

/** What the callers know: nothing that was acknowledged may ever be missing. */
export interface Ledger {
  readonly postings: Posting[];
  readonly services: ServiceChanges[];
  /** Answers other than 2xx. */
  readonly refusals: Answer[];
  /** Requests that ended without an answer, and how. */
  readonly broken: string[];
}

export interface Load {
  /** Resolves when every request under way has ended. */
  stop(): Promise<void>;
}

export interface OtherRequest {
  readonly method: string;
  readonly path: string;
  readonly auth?: string;
  readonly body?: unknown;
}

export interface LoadOptions {
  readonly baseUrl: string;
  readonly auth: string;
  readonly ledger: Ledger;
  /** How many callers post single events, and batches; one more changes each service of the ledger. */
  readonly singles?: number;
  readonly batches?: number;
  /** What one more caller asks in turn. */
  readonly others?: readonly OtherRequest[];
  /** Whether connections are used again, as most clients do. */
  readonly keepAlive?: boolean;
  /** Ends a caller at the first connection that is refused, as when a server has stopped. */
  readonly untilRefused?: boolean;
}

export function openLedger(): Ledger {
  return { postings: [], services: [], refusals: [], broken: [] };
}

/** Services for the load to change. */
export async function addServices(options: LoadOptions, organization: string, count: number): Promise<void> {
  const { baseUrl, auth, ledger } = options;
  for (let made = 0; made < count; made += 1) {
    const answer = await call(baseUrl, 'POST', `/organizations/${organization}/services`, { auth, body: SERVICE });
    if (answer.status !== 201) throw new Error(answer.text);
    const { service_id: serviceId } = answer.json as { service_id: string };
    ledger.services.push({ serviceId, sent: [SERVICE.name], acknowledged: [SERVICE.name] });
  }
}

/** Callers who each send one request after the other, until told to stop. */
export function startLoad(options: LoadOptions, organization = ''): Load {
  const { baseUrl, auth, ledger, singles = 6, batches = 2, others = [], keepAlive = true } = options;
  const agent = new Agent({ keepAlive, maxSockets: 256 });
  const stopping = new AbortController();

  async function ask(method: string, path: string, asked: CallOptions = {}): Promise<Answer | undefined> {
    try {
      const answer = await call(baseUrl, method, path, { auth, agent, ...asked });
      if (answer.status < 300) return answer;
      ledger.refusals.push(answer);
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      ledger.broken.push(code);
      if (options.untilRefused === true && code === 'ECONNREFUSED') stopping.abort();
    }
    await sleep(25);
    return undefined;
  }

  async function post(size: number): Promise<void> {
    const posting = draftPosting(size);
    ledger.postings.push(posting);
    const answer = await ask('POST', EVENTS, { body: posting.body });
    if (answer !== undefined) acknowledge(posting, answer);
  }

  async function change(service: ServiceChanges): Promise<void> {
    const name = `name ${service.sent.length}`;
    service.sent.push(name);
    const path = `/organizations/${organization}/services/${service.serviceId}`;
    const answer = await ask('PATCH', path, { body: { name } });
    if (answer !== undefined) service.acknowledged.push(name);
  }

  async function askOthers(): Promise<void> {
    for (const { method, path, ...asked } of others) {
      if (!stopping.signal.aborted) await ask(method, path, asked);
      // One of them may be a password's check, which costs as much as many requests.
      await sleep(20);
    }
  }

  const steps = [
    ...Array.from({ length: singles }, () => () => post(0)),
    ...Array.from({ length: batches }, () => () => post(randomInt(1, 30))),
    ...(others.length > 0 ? [askOthers] : []),
    ...ledger.services.map((service) => () => change(service)),
  ];
  const callers = steps.map(async (step) => {
    while (!stopping.signal.aborted) await step();
  });
  return {
    async stop() {
      stopping.abort();
      await Promise.all(callers);
      agent.destroy();
    },
  };
}

/** What the answer to a posting acknowledges. */
export function acknowledge(posting: Posting, answer: Answer): void {
  posting.acknowledged = posting.batch ? itemTexts(answer.text) : [answer.text];
}

/** @param size of a batch; 0 is an event by itself. */
export function draftPosting(size: number): Posting {
  const ids = Array.from({ length: Math.max(1, size) }, () => randomUUID());
  const events = ids.map((id) => ({
    id,
    action: 'UPDATE',
    resource_type: 'experiment',
    resource_id: `exp-${randomInt(100)}`,
    actor_id: 'usr-1',
    actor_username: 'jané.smith',
    timestamp: new Date().toISOString(),
    details: { '2': 'ü\u{1F600}"\\', rate: Math.random() * 1e-7, nested: [{ a: null }, 'x'.repeat(randomInt(300))] },
  }));
  const body = JSON.stringify(size === 0 ? events[0] : { events });
  return { ids, body, batch: size > 0, acknowledged: undefined };
}
