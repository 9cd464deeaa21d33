/** Lets a few pieces of work run at once and a bounded number wait, in the order in which they came. */
export interface Turns {
  /** @throws what `full` makes, when no more may wait */
  run<T>(work: () => Promise<T>): Promise<T>;
  readonly waiting: number;
}

export function createTurns(limits: { readonly atOnce: number; readonly waiting: number }, full: () => Error): Turns {
  const queue: (() => void)[] = [];
  let running = 0;
  const release = (): void => {
    const next = queue.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  return {
    async run(work) {
      if (running < limits.atOnce) running += 1;
      else if (queue.length >= limits.waiting) throw full();
      else await new Promise<void>((resolve) => queue.push(resolve));
      try {
        return await work();
      } finally {
        release();
      }
    },
    get waiting() {
      return queue.length;
    },
  };
}
