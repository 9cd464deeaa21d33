const MIN_CHARACTERS = 12;
export const MAX_PASSWORD_BYTES = 1024;

/**
 * What is wrong with a password that someone wants to have, as one sentence; undefined if nothing is.
 *
 * Length is counted in code points and is all that is asked for (NIST SP 800-63B). Control characters are refused
 * because HTTP Basic can't carry them (RFC 7617), lone surrogates because UTF-8 can't.
 */
export function passwordProblem(password: string): string | undefined {
  if (/\p{Cs}/u.test(password)) return 'Use a password that is valid Unicode text.';
  if (/\p{Cc}/u.test(password)) return 'Use a password without control characters such as tabs and line breaks.';
  if (password.length > MAX_PASSWORD_BYTES) return `Use a password of at most ${MAX_PASSWORD_BYTES} bytes.`;
  const prepared = preparePassword(password);
  if (Buffer.byteLength(prepared) > MAX_PASSWORD_BYTES) return `Use a password of at most ${MAX_PASSWORD_BYTES} bytes.`;
  if ([...prepared].length < MIN_CHARACTERS) return `Use a password of at least ${MIN_CHARACTERS} characters.`;
  return undefined;
}

/**
 * RFC 8265 OpaqueString, section 4.2.2: every kind of space is U+0020, then NFC, so that the same keys pressed on
 * another system give the same bytes. Not NFKC: it would make distinct characters one ("²" and "2").
 */
export function preparePassword(password: string): string {
  return password.replace(/\p{Zs}/gu, ' ').normalize('NFC');
}
