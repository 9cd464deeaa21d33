/** The command was called wrongly, or its files can't be read; `message` is for the caller. Never quotes a secret. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Does what needs a file, and says which one failed why. @throws {UsageError} */
export async function withFile<T>(path: string, deed: () => Promise<T>): Promise<T> {
  try {
    return await deed();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`${path} can't be read: ${REASONS[code] ?? message}.`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not',
  EISDIR: 'it is a directory',
};
