import { pino, type Logger } from 'pino';

/** Structured diagnostics on standard error: JSON lines with ids, never names, addresses, details or secrets. */
export type Diagnostics = Logger;

export function openDiagnostics(level: string): Diagnostics {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: ['req.headers.authorization', 'headers.authorization'],
    },
    pino.destination({ fd: 2, sync: false }),
  );
}
