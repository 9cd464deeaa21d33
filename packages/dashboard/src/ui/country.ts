const NAMES = new Intl.DisplayNames('en-GB', { type: 'region' });

/** Sweden, for SE. */
export function countryName(code: string): string {
  return NAMES.of(code) ?? code;
}
