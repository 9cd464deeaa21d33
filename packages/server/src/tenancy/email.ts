import { API_KEY_PREFIX } from './tokens.ts';

const CONTROLS = String.raw`\u0000-\u001f\u007f-\u009f`;

/** RFC 5321's lengths and no further rule: whether mail arrives nobody here can tell. */
export const EMAIL_PATTERN = patternOf('', '');

/**
 * Of an account that is made from now on. HTTP Basic ends the user at the first colon, and a user that begins like an API
 * key is taken for one: such an account could never sign in there.
 */
export const ACCOUNT_EMAIL_PATTERN = patternOf(`(?!${anyCase(API_KEY_PREFIX)})`, ':');

function patternOf(before: string, besides: string): string {
  const character = String.raw`[^\s@${besides}${CONTROLS}]`;
  return `^${before}${character}{1,64}@${character}{1,190}$`;
}

/** JSON Schema has no flags. */
function anyCase(text: string): string {
  return text.replaceAll(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`);
}
