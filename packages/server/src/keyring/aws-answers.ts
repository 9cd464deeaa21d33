/**
 * What went wrong at AWS, in words that may be logged. The message of an answer that can't be parsed quotes the answer,
 * which can hold the secret: only what the service or the SDK says by itself is passed on.
 */
export function explainAwsError(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as NodeJS.ErrnoException;
  if (error.name === 'SyntaxError') return 'the answer is not what the service answers';
  if (isServiceError(error) || error.name === 'CredentialsProviderError' || error.message === 'Region is missing') {
    return `${error.name}: ${error.message}`;
  }
  if (error instanceof NoAnswerError || error instanceof TypeError) return error.message;
  return code === undefined ? error.name : `${error.name}: ${code}`;
}

/** The service refuses this one version or deed for good; other trouble passes, or concerns all of them. */
export function isAwsRefusal(error: unknown): boolean {
  return error instanceof Error && isServiceError(error) && REFUSALS.has(error.name);
}

const REFUSALS: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'ResourceNotFoundException',
  'InvalidRequestException',
  'DecryptionFailure',
]);

function isServiceError(error: Error): boolean {
  return '$fault' in error && typeof error.$fault === 'string';
}

class NoAnswerError extends Error {}

/** Runs `work` with an end: whatever the SDK waits for, be it a socket, a retry or credentials. */
export async function within<T>(
  patienceMs: number,
  stopped: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const end = new AbortController();
  let giveUp: (message: string) => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    giveUp = (message) => {
      end.abort();
      reject(new NoAnswerError(message));
    };
  });
  const onStopped = (): void => giveUp('the server is stopping');
  const timer = setTimeout(() => giveUp(`no answer within ${patienceMs / 1000} s`), patienceMs);
  stopped?.addEventListener('abort', onStopped, { once: true });
  if (stopped?.aborted === true) onStopped();
  try {
    return await Promise.race([ended, work(end.signal)]);
  } finally {
    clearTimeout(timer);
    stopped?.removeEventListener('abort', onStopped);
  }
}
