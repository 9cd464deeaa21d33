import { readFile } from 'node:fs/promises';

/** The most that a process has had resident so far, in MB; undefined where /proc doesn't tell. */
export async function peakOf(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

/** The highest of several peaks, of what is promised; nothing where none is known. */
export function highestPeak(peaks, where = '') {
  const known = peaks.filter((peak) => peak !== undefined);
  if (known.length === 0) return [];
  return [{ figure: memoryOf(where), value: Math.max(...known), unit: 'MB', atMost: 400 }];
}

const memoryOf = (where) => `${where}${where && ': '}memory of the server at its peak, resident`;

/** What the server has taken at most since it started, of what is promised. */
export async function memoryFigure(server, where = '') {
  const { peak } = await server.ask('memory');
  return {
    figure: memoryOf(where),
    value: peak,
    unit: 'MB',
    atMost: 400,
  };
}
