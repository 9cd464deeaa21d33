import { readFile } from 'node:fs/promises';

/** The most that a process has had resident so far, in MB; undefined where /proc doesn't tell. */
export async function peakOf(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

/** The highest of several peaks, of what is promised; nothing where none is known. */
export function highestPeak(peaks) {
  const known = peaks.filter((peak) => peak !== undefined);
  return known.length === 0 ? [] : [figureOf(Math.max(...known))];
}

/** What the server has taken at most since it started, of what is promised. */
export async function memoryFigure(server, where = '') {
  const { peak } = await server.ask('memory');
  return figureOf(peak, where);
}

function figureOf(peak, where = '') {
  const figure = `${where}${where && ': '}memory of the server at its peak, resident`;
  return { figure, value: peak, unit: 'MB', atMost: 400 };
}
