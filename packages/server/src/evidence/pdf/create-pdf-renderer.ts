import { fork, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import type { KeyInfo } from './packet-view.ts';
import { PdfError, pdfFailed, pdfUnavailable } from './pdf-error.ts';
import type { RenderAnswer, RenderRequest } from './render-child.ts';

export interface PdfRenderer {
  /** One at a time; those that wait keep their order. Rejects with a `PdfError`. */
  render(signedBytes: Buffer, key: KeyInfo): Promise<Buffer>;
  /** What runs or waits is rejected with `stopping`; resolves when the process is gone. */
  stop(): Promise<void>;
}

export interface PdfLimits {
  /** Of one rendering; the largest packets take a few seconds. */
  readonly timeoutMs: number;
  /** Renderings that wait beside the one that runs, each with its signed bytes in memory. */
  readonly mostWaiting: number;
  /** The typesetter keeps one to three megabytes of each document: after so many, or when it holds so much, a new process. */
  readonly rendersAChild: number;
  readonly residentBytes: number;
  /** After which a process with nothing to do ends. */
  readonly idleMs: number;
}

const LIMITS: PdfLimits = {
  timeoutMs: 120_000,
  mostWaiting: 16,
  rendersAChild: 50,
  residentBytes: 350 * 1024 * 1024,
  idleMs: 60_000,
};

/** Of the child's JavaScript: a packet, parsed, and its view. */
const CHILD_HEAP_MB = 512;

interface Job {
  readonly request: RenderRequest;
  readonly resolve: (pdf: Buffer) => void;
  readonly reject: (error: PdfError) => void;
}

/**
 * Renders in a process of its own, which starts with the first rendering: the server's event loop stays free, a crash of
 * native code ends one rendering and no more, and the memory that the typesetter keeps goes with the process.
 */
export function createPdfRenderer(limits: Partial<PdfLimits> = {}): PdfRenderer {
  const { timeoutMs, mostWaiting, rendersAChild, residentBytes, idleMs } = { ...LIMITS, ...limits };
  const waiting: Job[] = [];
  const leaving = new Set<Promise<void>>();
  let running: Job | undefined;
  let child: ChildProcess | undefined;
  let rendered = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const next = (): void => {
    clearTimeout(timer);
    running = waiting.shift();
    if (running === undefined) {
      timer = setTimeout(dismiss, idleMs).unref();
      return;
    }
    child ??= hire();
    const { request } = running;
    timer = setTimeout(() => fail('out of time'), timeoutMs);
    child.ref();
    child.channel?.ref();
    // A child that ended meanwhile says so by its exit; this callback would only say it again.
    child.send(request, () => undefined);
  };

  const hire = (): ChildProcess => {
    const hired = startChild();
    rendered = 0;
    hired.on('message', (answer: RenderAnswer) => {
      if (hired === child && running !== undefined) settle(running, answer);
    });
    const gone = new Promise<void>((resolve) => {
      hired.on('error', (error) => {
        // One that never started has no exit.
        if (hired.pid === undefined) resolve();
        if (hired === child) fail(error);
      });
      hired.on('exit', (code, signal) => {
        resolve();
        if (hired === child) fail(`ended with ${signal ?? code}`);
      });
    });
    leaving.add(gone);
    void gone.then(() => leaving.delete(gone));
    return hired;
  };

  const settle = (job: Job, answer: RenderAnswer): void => {
    rendered += 1;
    if ('pdf' in answer) job.resolve(Buffer.from(answer.pdf));
    else job.reject(answer.code === 'pdf_unavailable' ? pdfUnavailable(answer.why) : pdfFailed(answer.why));
    const worn = !('pdf' in answer) || rendered >= rendersAChild || answer.residentBytes > residentBytes;
    if (worn) dismiss();
    // An idle process keeps nobody from ending.
    child?.unref();
    child?.channel?.unref();
    next();
  };

  /** The one that runs has failed and its process with it; the next gets a new one. */
  const fail = (why: unknown): void => {
    running?.reject(stopped ? stopping() : pdfFailed(why));
    dismiss('SIGKILL');
    next();
  };

  /** A process that isn't working ends by itself when it is let go of; one that is has to be killed. */
  const dismiss = (signal?: 'SIGKILL'): void => {
    const dismissed = child;
    child = undefined;
    if (dismissed === undefined) return;
    // Whoever waits for its end must not end before.
    dismissed.ref();
    if (signal === undefined && dismissed.connected) dismissed.disconnect();
    else dismissed.kill('SIGKILL');
  };

  return {
    render(signedBytes, key) {
      return new Promise((resolve, reject) => {
        if (stopped) {
          reject(stopping());
        } else if (running !== undefined && waiting.length >= mostWaiting) {
          reject(new PdfError('overloaded', 'Too many PDFs are being made; try again in a moment.'));
        } else {
          waiting.push({ request: { signedBytes, key }, resolve, reject });
          if (running === undefined) next();
        }
      });
    },
    async stop() {
      stopped = true;
      for (const job of waiting.splice(0)) job.reject(stopping());
      if (running === undefined) dismiss();
      else fail('stopped');
      clearTimeout(timer);
      await Promise.all(leaving);
    },
  };
}

function stopping(): PdfError {
  return new PdfError('stopping', 'The server is stopping; try again when it is back.');
}

/** Beside this file, compiled or not: from its sources it needs the loader that this process was started with. */
function startChild(): ChildProcess {
  const here = fileURLToPath(import.meta.url);
  const extension = path.extname(here);
  const loader = extension === '.ts' ? ['--import', pathToFileURL(createRequire(here).resolve('tsx')).href] : [];
  return fork(path.join(path.dirname(here), `render-child${extension}`), [], {
    execArgv: [`--max-old-space-size=${CHILD_HEAP_MB}`, ...loader],
    // It needs none of our settings, and so learns none of our secrets.
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}
