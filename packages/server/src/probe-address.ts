import { createServer } from 'node:net';

import { ConfigurationError } from './configuration.ts';

/**
 * Opens the address for a moment. A first start that found it taken only after it had made the organization could not
 * greet the operator again.
 *
 * @throws {ConfigurationError} naming HOST or PORT.
 */
export async function probeAddress(host: string, port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  }).catch((error: unknown) => {
    throw addressError(error, port) ?? error;
  });
  await new Promise((closed) => server.close(closed));
}

/** What a failure to listen says about the settings, if it does. */
function addressError(error: unknown, port: number): ConfigurationError | undefined {
  const { code = '' } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EADDRINUSE':
      return new ConfigurationError('PORT', 'another program listens there already; set PORT to another number.');
    case 'EACCES':
      return new ConfigurationError('PORT', `this user may not listen on ${port}; use a number from 1024 on.`);
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return new ConfigurationError('HOST', 'this machine has no such address; put one of its own there, or 0.0.0.0.');
    default:
      return undefined;
  }
}
