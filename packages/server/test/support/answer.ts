import { strictEqual as equal, ok } from 'node:assert';

/** A response as it came: the bytes are what gets signed, so they are kept. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  readonly text: string;
  /** Parsed on each access. */
  readonly json: any; // oxlint-disable-line typescript/no-explicit-any -- what it should be is what tests say about it
}

export function answerOf(status: number, headers: Readonly<Record<string, string>>, bytes: Buffer): Answer {
  return {
    status,
    headers,
    bytes,
    get text() {
      return bytes.toString('utf8');
    },
    get json() {
      return JSON.parse(bytes.toString('utf8')) as unknown;
    },
  };
}

/** The readiness probe says in its own form what isn't ready. */
const OWN_FORM = new Set(['/readyz']);

/** Of several answers, in the order of the numbers. */
export function statusesOf(answers: readonly Answer[]): number[] {
  return answers.map((answer) => answer.status).toSorted((one, other) => one - other);
}

/** Holds for every response there is, whatever was asked; each test's calls go through here. */
export function checkAnswer(asked: string, path: string, answer: Answer): void {
  const { status, headers } = answer;
  const seen = `${asked} answered ${status} ${answer.text.slice(0, 500)}`;
  ok(status !== 500, seen);
  equal(headers['x-content-type-options'], 'nosniff', `no nosniff: ${seen}`);
  equal(headers['x-frame-options'], 'DENY', `can be framed: ${seen}`);
  ok(headers['content-security-policy']?.includes("default-src 'none'"), `no policy: ${seen}`);
  equal(headers['referrer-policy'], 'no-referrer', `sends a referrer: ${seen}`);
  if (status < 400) return;
  if (status === 401) ok(headers['www-authenticate'], `no challenge: ${seen}`);
  if (status === 405) ok(headers['allow'], `no Allow: ${seen}`);
  if (asked.startsWith('HEAD ')) return;
  if (status === 503 && OWN_FORM.has(path)) return;
  if (status === 429 || status === 503) ok(Number(headers['retry-after']) >= 1, `no Retry-After: ${seen}`);
  checkProblem(answer, seen);
}

/** RFC 9457 with the four members that the contract names, `detail` being one sentence. */
export function checkProblem(answer: Answer, seen: string): void {
  ok(/^application\/problem\+json(;|$)/.test(answer.headers['content-type'] ?? ''), `not problem details: ${seen}`);
  const { type, title, status, detail, ...others } = answer.json as Record<string, unknown>;
  ok(typeof type === 'string' && /^\/docs\/problems#[a-z_]+$/.test(type), seen);
  ok(typeof title === 'string' && title !== '', seen);
  equal(status, answer.status, seen);
  ok(typeof detail === 'string' && /^\S.*\.$/su.test(detail), seen);
  // Of an upload: how far it came.
  for (const name of ['line', 'accepted', 'duplicates']) {
    if (!Object.hasOwn(others, name)) continue;
    ok(Number.isInteger(others[name]), seen);
    delete others[name];
  }
  ok(Object.keys(others).length === 0, `more than the four members: ${seen}`);
}
