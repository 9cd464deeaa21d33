const FORM =
  /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.\d+)?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;
const LONGEST = 64;
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59);

/**
 * Milliseconds since 1970, whole seconds of them, of a time that the server takes: RFC 3339 with a zone, in the calendar,
 * from 1970 to 9999, without leap seconds. Date.parse takes more, and February 30 for March 2.
 *
 * @returns undefined for any other text
 */
export function millisecondsOf(text: string): number | undefined {
  const parts = text.length > LONGEST ? null : FORM.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  const local = new Date(0);
  // Not Date.UTC, which takes the year 26 for 1926.
  local.setUTCFullYear(year, month - 1, day);
  local.setUTCHours(hour, minute, second);
  if (local.getUTCMonth() !== month - 1 || local.getUTCDate() !== day) return undefined;
  const offset = (Number(parts[8] ?? 0) * 60 + Number(parts[9] ?? 0)) * 60_000;
  const ms = local.getTime() - (parts[7] === '-' ? -offset : offset);
  return ms >= 0 && ms <= LAST_MS ? ms : undefined;
}
