import pg from 'pg';

/** What this uses of the driver's connection. */
interface Connection {
  readonly stream: { cork(): void; uncork(): void; write(bytes: Buffer): void };
  query(text: string): void;
  endCopyFrom(): void;
}

/** The message's type: PostgreSQL manual, Message Formats, CopyData. */
export const COPY_DATA = 0x64;

/**
 * `COPY … FROM STDIN` for rows that are all there, between statements that go along with it in one round trip. The rows
 * don't wait until the server asks for them; if it refuses, it passes over them (PostgreSQL manual, Message Flow, COPY
 * Operations).
 */
class CopyIn extends pg.Query {
  readonly #text: string;
  readonly #rows: Buffer;

  constructor(text: string, rows: Buffer, callback: (error: Error | undefined) => void) {
    super(text, callback);
    this.#text = text;
    this.#rows = rows;
  }

  override submit = (connection: pg.Connection): void => {
    const to = connection as unknown as Connection;
    to.stream.cork();
    to.query(this.#text);
    // What the driver does too, after it has copied them.
    const header = Buffer.from([COPY_DATA, 0, 0, 0, 0]);
    header.writeInt32BE(4 + this.#rows.length, 1);
    to.stream.write(header);
    to.stream.write(this.#rows);
    to.endCopyFrom();
    to.stream.uncork();
  };

  /** The driver's own would refuse the rows. */
  handleCopyInResponse(): void {}
}

/**
 * Resolves when the server has run all of it.
 *
 * @param statements one of them the COPY; results are dropped
 * @throws {pg.DatabaseError}
 */
export function copyIn(
  client: Pick<pg.ClientBase, 'query'>,
  statements: readonly string[],
  rows: Buffer,
): Promise<void> {
  return new Promise((resolve, reject) => {
    // The driver gives null for no error.
    client.query(
      new CopyIn(statements.join(';'), rows, (error) => (error instanceof Error ? reject(error) : resolve())),
    );
  });
}
