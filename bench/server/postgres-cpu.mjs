import { readdir, readFile } from 'node:fs/promises';

/** Linux counts in hundredths of a second for user space, whatever its own clock is. */
const TICKS_A_SECOND = 100;

/** Seconds of CPU of a postmaster and its backends so far; undefined where there is no /proc. */
export async function cpuOfPostgres(postmaster) {
  const names = await readdir('/proc').catch(() => []);
  const stats = await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name))
      .map((name) =>
        readFile(`/proc/${name}/stat`, 'utf8').then(
          (text) => [Number(name), text],
          () => undefined,
        ),
      ),
  );
  let ticks = 0;
  let found = false;
  for (const [pid, text] of stats.filter((stat) => stat !== undefined)) {
    // After the program's name, which may hold anything: state, parent, …; 14th and 15th are user and system time.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    if (pid !== postmaster && Number(fields[1]) !== postmaster) continue;
    found = true;
    ticks += Number(fields[11]) + Number(fields[12]);
    // The postmaster counts those that have ended too.
    if (pid === postmaster) ticks += Number(fields[13]) + Number(fields[14]);
  }
  return found ? ticks / TICKS_A_SECOND : undefined;
}
