import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

export interface DashboardFile {
  readonly type: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer;
}

/** What the build of packages/dashboard left; read when first asked for, and kept. */
export interface Dashboard {
  /** The page that every address of the dashboard answers with. */
  page(): Promise<DashboardFile>;
  /** A file whose name has a hash of what is in it; undefined for any other name. */
  asset(name: string): Promise<DashboardFile> | undefined;
}

const BUILD = fileURLToPath(new URL('../../../dashboard/dist', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const compress = promisify(gzip);

/** Undefined where nobody built it: everything else of the server works without. */
export function loadDashboard(folder: string = BUILD): Dashboard | undefined {
  const page = path.join(folder, 'index.html');
  if (!existsSync(page)) return undefined;
  // The names are known from the start, so no address can reach a file that isn't one of them.
  const names = new Set(readdirSync(path.join(folder, 'assets')));
  const html = readFileSync(page);
  const kept = new Map<string, Promise<DashboardFile>>();
  const keep = (name: string, read: () => Promise<Buffer>): Promise<DashboardFile> => {
    const found = kept.get(name) ?? prepare(name, read);
    kept.set(name, found);
    // What could not be read may be there the next time.
    found.catch(() => kept.delete(name));
    return found;
  };
  return {
    page: () => keep('index.html', async () => html),
    asset: (name) => (names.has(name) ? keep(name, () => readFile(path.join(folder, 'assets', name))) : undefined),
  };
}

async function prepare(name: string, read: () => Promise<Buffer>): Promise<DashboardFile> {
  const plain = await read();
  const type = TYPES[path.extname(name)] ?? 'application/octet-stream';
  return { type, plain, gzipped: await compress(plain, { level: 9 }) };
}
