import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { NodeCompiler, NodeError } from '@myriaddreamin/typst-ts-node-compiler';

import { openFontLibrary, type FontLibrary } from './font-library.ts';
import { ATTACHMENT, viewPacket, type KeyInfo, type SignedPacket } from './packet-view.ts';
import { pdfFailed, pdfUnavailable } from './pdf-error.ts';
import { createTextPrinter } from './printable-text.ts';

const TEMPLATES = new URL('../../../assets/pdf/', import.meta.url);

/** There is nothing there: the compiler sees what is put before it, and no file of the machine. */
const NOWHERE = path.resolve('/veritrail-pdf-has-no-files');

let library: FontLibrary | undefined;

/**
 * The document for readers and printers of a signed packet, made of its bytes alone and with them inside. The same bytes
 * and the same key give the same PDF.
 *
 * It blocks its thread, and the typesetter is native code that keeps some memory of each document: the server calls it in
 * a process of its own (`create-pdf-renderer.ts`).
 */
export async function renderPacketPdf(signedBytes: Buffer, key: KeyInfo): Promise<Buffer> {
  const typesetter = await loadTypesetter();
  try {
    return setPacket(typesetter, signedBytes, key);
  } catch (error) {
    throw pdfFailed(error);
  }
}

function setPacket(typesetter: Typesetter, signedBytes: Buffer, key: KeyInfo): Buffer {
  library ??= openFontLibrary();
  const printer = createTextPrinter(library);
  const signed = JSON.parse(signedBytes.toString('utf8')) as SignedPacket;
  const view = viewPacket(signed, key, printer);
  const { families, blobs } = library.load(printer.families);
  const compiler = typesetter.NodeCompiler.create({ workspace: NOWHERE, fontArgs: [{ fontBlobs: [...blobs] }] });
  try {
    for (const name of readdirSync(TEMPLATES)) {
      compiler.addSource(path.join(NOWHERE, name), readFileSync(new URL(name, TEMPLATES), 'utf8'));
    }
    // As data that the template reads, tenants' text is never its source.
    const data = { ...view, date: instantOf(signed.packet.generated_at), fonts: families };
    compiler.mapShadow(path.join(NOWHERE, 'view.json'), Buffer.from(JSON.stringify(data)));
    compiler.mapShadow(path.join(NOWHERE, ATTACHMENT), signedBytes);
    const compiled = compiler.compile({ mainFilePath: path.join(NOWHERE, 'packet.typ') });
    const failure = compiled.takeError();
    if (compiled.result === null || failure !== null) throw new Error(explain(compiler, failure));
    // PDF/A-3, level A: archivable, tagged, with the attachment; the exporter refuses what doesn't conform.
    return compiler.pdf(compiled.result, { pdfStandard: 'a-3a', pdfTags: true });
  } finally {
    compiler.evictCache(0);
  }
}

interface Typesetter {
  readonly NodeCompiler: typeof NodeCompiler;
}

/** An optional dependency: its binary is there for eleven platforms. */
async function loadTypesetter(): Promise<Typesetter> {
  try {
    return await import('@myriaddreamin/typst-ts-node-compiler');
  } catch (error) {
    throw pdfUnavailable(error);
  }
}

/** What the compiler said, without the text that it quotes: diagnostics hold no names. */
function explain(compiler: NodeCompiler, failure: NodeError | null): string {
  if (failure === null) return 'no document';
  const diagnostics = compiler.fetchDiagnostics(failure) as readonly { readonly message?: unknown }[];
  return diagnostics
    .map(({ message }) => String(message).replaceAll(/[^\x20-\x7e]|["'`“].*["'`”]/g, '…'))
    .join(' ')
    .slice(0, 1000);
}

function instantOf(time: string): Readonly<Record<string, number>> {
  const at = new Date(time);
  return {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
  };
}
