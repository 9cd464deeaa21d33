import { inflateSync } from 'node:zlib';

/**
 * Just enough of a reader for what our tests ask of a PDF: ISO 32000-1 objects as they stand in the file. It knows
 * nothing of the program that wrote it.
 */
export function readPdf(pdf: Buffer) {
  const text = pdf.toString('latin1');
  const stream = (header: RegExp): Buffer => {
    const match = header.exec(text);
    if (match === null) throw new Error(`There is no stream ${header.source}.`);
    const dictionary = match[0];
    const start = match.index + dictionary.length;
    const length = Number(/\/Length (\d+)/.exec(dictionary)?.[1]);
    const bytes = pdf.subarray(start, start + length);
    return dictionary.includes('/FlateDecode') ? inflateSync(bytes) : bytes;
  };
  const dictionaryOf = (type: string): RegExp =>
    new RegExp(`<<(?:(?!endobj)[\\s\\S])*?/Type /${type}\\b(?:(?!endobj)[\\s\\S])*?>>\\s*stream\\r?\\n`);
  return {
    text,
    pages: Number(/\/Type \/Pages\b[^>]*?\/Count (\d+)/.exec(text)?.[1] ?? /\/Count (\d+)/.exec(text)?.[1]),
    attachment: () => stream(dictionaryOf('EmbeddedFile')),
    metadata: () => stream(dictionaryOf('Metadata')).toString('utf8'),
    /** Names of every kind of action in it. */
    actions: () => [
      ...new Set(
        [...text.matchAll(/\/S \/(GoTo\w*|URI|Launch|JavaScript|SubmitForm|ImportData|Named)\b/g)].map(([, s]) => s),
      ),
    ],
  };
}
