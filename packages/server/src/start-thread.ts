import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker, type ResourceLimits } from 'node:worker_threads';

/**
 * A thread whose body lies beside the module that asks for it, compiled or not. It needs none of our settings, and so
 * learns none of our secrets.
 *
 * @param from `import.meta.url`
 * @param name of the file, without its ending
 */
export function startThread(from: string, name: string, resourceLimits: ResourceLimits): Worker {
  const here = fileURLToPath(from);
  const file = path.join(path.dirname(here), `${name}${path.extname(here)}`);
  if (!file.endsWith('.ts')) return new Worker(file, { env: {}, resourceLimits });
  // From its sources it needs a loader, which can't be given to a thread as an argument.
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const url = JSON.stringify(pathToFileURL(file).href);
  const source = `import(${loader}).then(({ tsImport }) => tsImport(${url}, ${url}));`;
  return new Worker(source, { eval: true, env: {} });
}
