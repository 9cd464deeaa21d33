import type { Progress } from './fill-organization.ts';

const BAR = 24;
/** Often enough to look alive. */
const REDRAW_MS = 100;

export interface ProgressLine {
  show(progress: Progress): void;
  /** Leaves the cursor at the start of an empty line. */
  end(): void;
}

/** On a terminal one line that changes; anywhere else a line for each tenth. */
export function createProgressLine(out: NodeJS.WriteStream, now: () => number = () => performance.now()): ProgressLine {
  const began = now();
  return out.isTTY ? redrawnLine(out, began, now) : lineEachTenth(out, began, now);
}

function redrawnLine(out: NodeJS.WriteStream, began: number, now: () => number): ProgressLine {
  let drawnAt = -Infinity;
  const erase = '\r\u001B[K';
  return {
    show(progress) {
      if (now() - drawnAt < REDRAW_MS && progress.share < 1) return;
      drawnAt = now();
      const full = Math.round(progress.share * BAR);
      const bar = '█'.repeat(full) + '░'.repeat(BAR - full);
      // A line that wraps could not be drawn over.
      out.write(
        erase + `  ${bar}  ${describe(progress, now() - began)}`.slice(0, Math.max(10, (out.columns || 80) - 1)),
      );
    },
    end: () => {
      out.write(erase);
    },
  };
}

function lineEachTenth(out: NodeJS.WriteStream, began: number, now: () => number): ProgressLine {
  let told = 0;
  return {
    show(progress) {
      const tenth = Math.floor(progress.share * 10);
      if (tenth === told) return;
      told = tenth;
      out.write(`  ${describe(progress, now() - began)}\n`);
    },
    end: () => undefined,
  };
}

function describe({ share, events, at }: Progress, milliseconds: number): string {
  const percent = String(Math.floor(share * 100)).padStart(3);
  const rate = Math.round(events / Math.max(0.001, milliseconds / 1000));
  return `${percent} %  ${grouped(events)} events  ${grouped(rate)}/s  ${at.toISOString().slice(0, 10)}`;
}

/** 50,000 */
export function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
