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
    structure: withoutText(text),
    /** Names of every kind of action in it. */
    actions: () => [...new Set([...withoutText(text).matchAll(ACTION)].map(([, kind]) => kind))],
  };
}

const ACTION = /\/S \/(GoTo\w*|URI|Launch|JavaScript|SubmitForm|ImportData|Named)\b/g;

/** What a reader acts on: objects without the contents of streams and of strings, which may hold balanced parentheses. */
function withoutText(pdf: string): string {
  let rest = '';
  let end = 0;
  // By their lengths: the contents may hold anything, "endstream" too.
  for (const { index, 0: head, 1: length } of pdf.matchAll(/\/Length (\d+)(?:(?!endobj)[\s\S])*?>>\s*stream\r?\n/g)) {
    if (index < end) continue;
    rest += pdf.slice(end, index);
    end = index + head.length + Number(length);
  }
  rest = (rest + pdf.slice(end)).replaceAll(/\\[\s\S]/g, '');
  for (let before = ''; before !== rest;) {
    before = rest;
    rest = rest.replaceAll(/\([^()]*\)/g, '');
  }
  return rest;
}
