/**
 * - `interrupted`: the server was told to stop while the demo was being filled
 * - `no_owner`: nobody in the database could own the demo's organization
 */
export type DemoErrorCode = 'interrupted' | 'no_owner';

export class DemoError extends Error {
  readonly code: DemoErrorCode;

  constructor(code: DemoErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'DemoError';
    this.code = code;
  }
}
