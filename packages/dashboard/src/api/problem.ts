/** What the server refused, in its own words (RFC 9457), or that it didn't answer. */
export class Problem extends Error {
  /** 0 if no answer came. */
  readonly status: number;
  /** The last part of `type`; the server's page /docs/problems has them all. */
  readonly code: string;
  readonly title: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(facts: { status: number; code: string; title: string; detail: string; retryAfterSeconds?: number }) {
    super(facts.detail);
    this.name = 'Problem';
    this.status = facts.status;
    this.code = facts.code;
    this.title = facts.title;
    this.retryAfterSeconds = facts.retryAfterSeconds;
  }
}

export function noAnswer(): Problem {
  return new Problem({
    status: 0,
    code: 'no_answer',
    title: 'The server did not answer',
    detail: 'Check the connection, then try again.',
  });
}

export async function problemOf(response: Response): Promise<Problem> {
  const retryAfter = Number(response.headers.get('retry-after') ?? '');
  const facts = {
    status: response.status,
    code: 'unknown',
    title: `The server answered ${response.status}`,
    detail: 'Try again in a moment.',
    ...(retryAfter > 0 && { retryAfterSeconds: retryAfter }),
  };
  try {
    const body = (await response.json()) as { type?: string; title?: string; detail?: string };
    return new Problem({
      ...facts,
      code: body.type?.split('#')[1] ?? facts.code,
      title: body.title ?? facts.title,
      detail: body.detail ?? facts.detail,
    });
  } catch {
    return new Problem(facts);
  }
}

/** The sentence to show for anything that was thrown. */
export function sentenceOf(error: unknown): string {
  return error instanceof Problem ? error.message : 'Something went wrong in this page; reload it.';
}
