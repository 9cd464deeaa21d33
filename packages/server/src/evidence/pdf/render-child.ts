import type { KeyInfo } from './packet-view.ts';
import { PdfError, pdfFailed, type PdfErrorCode } from './pdf-error.ts';
import { renderPacketPdf } from './render-packet-pdf.ts';

/** The process that renders, one packet after another, until its parent lets go of it. It has no environment. */

export interface RenderRequest {
  readonly signedBytes: Buffer;
  readonly key: KeyInfo;
}

export type RenderAnswer =
  | { readonly pdf: Buffer; readonly residentBytes: number }
  | { readonly code: PdfErrorCode; readonly why: string };

process.on('message', (request: RenderRequest) => {
  void answer(request).then((message) => process.send?.(message));
});
process.on('disconnect', () => process.exit(0));

async function answer({ signedBytes, key }: RenderRequest): Promise<RenderAnswer> {
  try {
    const pdf = await renderPacketPdf(Buffer.from(signedBytes), key);
    return { pdf, residentBytes: process.memoryUsage.rss() };
  } catch (error) {
    const { code, cause } = error instanceof PdfError ? error : pdfFailed(error);
    return { code, why: cause instanceof Error ? cause.message : String(cause) };
  }
}
