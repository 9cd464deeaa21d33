import { execFileSync } from 'node:child_process';
import { createReadStream, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { createWriteStream } from 'node:fs';

import packed from '@sparticuz/chromium';
import { chromium, type BrowserServer } from 'playwright';

/**
 * Chromium as it came with npm, unpacked into `folder`; nothing of the system's is needed but a C library. Where the
 * machine lacks the libraries of NSS, those that came along stand in for them.
 */
export async function openBrowser(folder: string): Promise<BrowserServer> {
  mkdirSync(folder, { recursive: true });
  // It unpacks to fixed names in the temporary folder, so each run has one of its own.
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    packed.setGraphicsMode = false;
    const executablePath = await packed.executablePath();
    const launch = (env: NodeJS.ProcessEnv): Promise<BrowserServer> =>
      chromium.launchServer({
        executablePath,
        headless: true,
        args: ['--no-sandbox', '--font-render-hinting=none', '--disable-gpu', '--force-color-profile=srgb'],
        env,
      });
    return await launch({ ...process.env }).catch(async (error: unknown) => {
      if (!/libnspr4|libnss3/.test(String(error))) throw error;
      const libraries = await unpackLibraries(folder);
      return launch({ ...process.env, LD_LIBRARY_PATH: libraries });
    });
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}

async function unpackLibraries(folder: string): Promise<string> {
  const bin = path.join(path.dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '../../bin');
  const archive = path.join(folder, 'libraries.tar');
  const source = Readable.from(createReadStream(path.join(bin, 'al2023.tar.br')));
  await pipeline(source, createBrotliDecompress(), createWriteStream(archive));
  execFileSync('tar', ['-xf', archive, '-C', folder]);
  return path.join(folder, 'al2023', 'lib');
}
