type Work = 'begun' | 'new';

const waiting: Record<Work, (() => void)[]> = { begun: [], new: [] };
let isBusy = false;

/**
 * Work that keeps this thread for more than a moment, one after the other, though each lets others have turns in
 * between: of four batches that are read at once each takes four times as long, and the database has nothing to do until
 * all of them come together.
 *
 * @param which what was begun goes before what is new, so that one batch is signed before the next is read
 * @param work must wait for nothing but turns
 */
export async function inTurn<T>(which: Work, work: () => Promise<T>): Promise<T> {
  if (isBusy) await new Promise<void>((resolve) => waiting[which].push(resolve));
  isBusy = true;
  try {
    return await work();
  } finally {
    // Not at once: what comes next for the same batch asks in a moment.
    setImmediate(next);
  }
}

function next(): void {
  const proceed = waiting.begun.shift() ?? waiting.new.shift();
  if (proceed === undefined) isBusy = false;
  else proceed();
}
