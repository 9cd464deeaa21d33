import { readdirSync, readFileSync } from 'node:fs';

import { afterEach, describe, expect, it } from 'vitest';

import { createPdfRenderer, type PdfLimits, type PdfRenderer } from '../../../src/evidence/pdf/create-pdf-renderer.ts';
import { renderPacketPdf } from '../../../src/evidence/pdf/render-packet-pdf.ts';
import { readPdf } from '../../support/read-pdf.ts';
import { samplePacket, signSample } from '../../support/sample-packet.ts';

const { bytes, key } = signSample(samplePacket());
const large = signSample(samplePacket({ services: 500, days: 365, failingListed: 100 }));

let renderer: PdfRenderer;
function create(limits: Partial<PdfLimits> = {}): PdfRenderer {
  renderer = createPdfRenderer(limits);
  return renderer;
}

afterEach(() => renderer.stop());

describe('the renderer', () => {
  it('gives the bytes that rendering in any other process gives', async () => {
    const pdf = await create().render(bytes, key);
    expect(pdf.equals(await renderPacketPdf(bytes, key))).toBe(true);
  });

  it('leaves the event loop free while a packet of 500 services is rendered', async () => {
    let longest = 0;
    let last = performance.now();
    const pulse = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const pdf = await create().render(large.bytes, large.key);
    clearInterval(pulse);
    expect(readPdf(pdf).attachment().equals(large.bytes)).toBe(true);
    // Rendering it here blocks for a second; copying it over takes some milliseconds.
    expect(longest).toBeLessThan(500);
  });

  it('renders one after another in order, with a new process for each if told so', async () => {
    create({ rendersAChild: 1 });
    const order: number[] = [];
    const all = [1, 2, 3].map((n) => renderer.render(bytes, key).then((pdf) => (order.push(n), pdf)));
    const [first, ...others] = await Promise.all(all);
    expect(order).toEqual([1, 2, 3]);
    for (const pdf of others) expect(pdf.equals(first!)).toBe(true);
  });

  it('a process that is killed fails its rendering, and the next works', async () => {
    create();
    const failing = renderer.render(large.bytes, large.key);
    const refused = expect(failing).rejects.toMatchObject({ code: 'pdf_failed' });
    const waiting = renderer.render(bytes, key);
    const child = await childOfThisProcess();
    process.kill(child, 'SIGKILL');
    await refused;
    expect(
      readPdf(await waiting)
        .attachment()
        .equals(bytes),
    ).toBe(true);
  });

  it('a rendering that takes too long is ended, and the next works', async () => {
    create({ timeoutMs: 20 });
    await expect(renderer.render(large.bytes, large.key)).rejects.toMatchObject({ code: 'pdf_failed' });
    await renderer.stop();
    expect(readPdf(await create().render(bytes, key)).pages).toBeGreaterThan(10);
  });

  it('a packet that can not be read fails alone', async () => {
    create();
    const wrong = expect(renderer.render(Buffer.from('no packet'), key)).rejects.toMatchObject({ code: 'pdf_failed' });
    expect(readPdf(await renderer.render(bytes, key)).pages).toBeGreaterThan(10);
    await wrong;
  });

  it('refuses more than may wait, at once', async () => {
    create({ mostWaiting: 1 });
    const accepted = [renderer.render(bytes, key), renderer.render(bytes, key)];
    await expect(renderer.render(bytes, key)).rejects.toMatchObject({ code: 'overloaded' });
    await Promise.all(accepted);
  });

  it('stops with what runs and waits refused, and leaves no process', async () => {
    create();
    const all = [renderer.render(large.bytes, large.key), renderer.render(bytes, key)];
    const refused = all.map((one) => expect(one).rejects.toMatchObject({ code: 'stopping' }));
    const child = await childOfThisProcess();
    await renderer.stop();
    await Promise.all(refused);
    expect(() => process.kill(child, 0)).toThrow('ESRCH');
    await expect(renderer.render(bytes, key)).rejects.toMatchObject({ code: 'stopping' });
  });

  it('a process with nothing to do ends by itself', async () => {
    create({ idleMs: 50 });
    const rendering = renderer.render(bytes, key);
    const child = await childOfThisProcess();
    await rendering;
    await expect.poll(() => isRunning(child), { timeout: 10_000 }).toBe(false);
    expect(readPdf(await renderer.render(bytes, key)).pages).toBeGreaterThan(10);
  });
});

/** The renderer keeps its process to itself, so it is found as an outsider would, by Linux's list of processes. */
async function childOfThisProcess(): Promise<number> {
  let found: number | undefined;
  await expect.poll(() => (found = findChild()), { timeout: 10_000 }).toBeDefined();
  return found!;
}

function findChild(): number | undefined {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || !isRunning(Number(name))) continue;
    const [, parent] = statusOf(Number(name));
    if (parent !== process.pid) continue;
    if (readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('render-child')) return Number(name);
  }
  return undefined;
}

function isRunning(pid: number): boolean {
  const [state] = statusOf(pid);
  return state !== undefined && state !== 'Z';
}

function statusOf(pid: number): [string | undefined, number | undefined] {
  try {
    const [state, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return [state, Number(parent)];
  } catch {
    return [undefined, undefined];
  }
}
