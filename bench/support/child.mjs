import { fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * A process of its own that answers questions over IPC, one handler a question.
 *
 * @param {string} file
 * @param {{env?: Record<string, string>, arguments?: string[], execArgv?: string[]}} [options]
 */
export async function startChild(file, options = {}) {
  const child = fork(file, options.arguments ?? [], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...options.env },
    execArgv: options.execArgv ?? [],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const asked = new Map();
  let count = 0;
  child.on('message', ({ id, answer, error }) => {
    const { resolve, reject } = asked.get(id);
    asked.delete(id);
    if (error === undefined) resolve(answer);
    else reject(new Error(error));
  });
  const ended = once(child, 'exit').then(([code, signal]) => {
    for (const { reject } of asked.values()) reject(new Error(`${file} ended with ${signal ?? code}`));
  });
  const ask = (question, values = {}) =>
    new Promise((resolve, reject) => {
      count += 1;
      asked.set(count, { resolve, reject });
      child.send({ id: count, question, values });
    });
  return {
    ask,
    async end() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** The other side. Ends, after `finish`, when the parent lets go or dies. */
export function answerParent(handlers, finish = async () => {}) {
  process.on('message', async ({ id, question, values }) => {
    try {
      process.send({ id, answer: await handlers[question](values) });
    } catch (error) {
      process.send({ id, error: error.stack ?? String(error) });
    }
  });
  process.on('disconnect', async () => {
    await finish();
    process.exit(0);
  });
}
