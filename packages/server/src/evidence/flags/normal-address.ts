const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * One text for all spellings of an address that net.isIP takes: `::1` for `0:0:0:0:0:0:0:1`, lower case, and the IPv4
 * address for one that is mapped into IPv6. A zone stays as it is: it is a name.
 */
export function normalAddress(text: string): string {
  // Of IPv4 there is one spelling.
  if (!text.includes(':')) return text;
  const [address = '', ...zone] = text.split('%');
  const url = `http://[${address}]`;
  // What was remembered is not checked again.
  if (!URL.canParse(url)) return text;
  const normal = new URL(url).hostname.slice(1, -1);
  const [, high, low] = MAPPED.exec(normal) ?? [];
  if (high !== undefined && low !== undefined) {
    const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
    return `${a >> 8}.${a & 255}.${b >> 8}.${b & 255}`;
  }
  return [normal, ...zone].join('%');
}
