import os from 'node:os';

/** What a figure can't be read without. */
export function describeMachine() {
  const cpus = os.cpus();
  return {
    cores: os.availableParallelism(),
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    /** Runnable processes over the last minute, before the run: near 0 on a quiet machine. */
    loadBefore: Number(os.loadavg()[0].toFixed(2)),
  };
}
