/** What a field of a form holds, without space around it; a file is no text. */
export function textOf(form: FormData, name: string): string {
  return exactTextOf(form, name).trim();
}

/** As it was typed: in a password, a space at its end counts. */
export function exactTextOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
