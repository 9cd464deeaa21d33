import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of the test file's own. As mkdtemp makes it, nobody but its maker gets in. */
export function makeScratchFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(realpathSync(tmpdir()), 'veritrail-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
