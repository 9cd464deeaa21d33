/**
 * Each has its sentence for the caller, who has the signed JSON meanwhile.
 * - `pdf_unavailable`: there is no typesetter for this platform
 * - `pdf_failed`: this rendering ended without a PDF: killed, out of time or memory, or refused by the exporter
 * - `overloaded`: more renderings wait than may wait
 * - `stopping`: the server is stopping
 */
export type PdfErrorCode = 'pdf_unavailable' | 'pdf_failed' | 'overloaded' | 'stopping';

export class PdfError extends Error {
  readonly code: PdfErrorCode;

  constructor(code: PdfErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'PdfError';
    this.code = code;
  }
}

/** Everything that every platform can say; what went wrong inside is the cause, for the diagnostics. */
export function pdfUnavailable(cause: unknown): PdfError {
  const sentence = 'PDFs can not be made on this platform; read the signed JSON instead.';
  return new PdfError('pdf_unavailable', sentence, { cause });
}

export function pdfFailed(cause: unknown): PdfError {
  const sentence = 'The PDF could not be made this time; try again, or read the signed JSON.';
  return new PdfError('pdf_failed', sentence, { cause });
}
