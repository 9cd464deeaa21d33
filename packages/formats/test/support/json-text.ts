import type { Random } from './random.ts';

/**
 * JSON texts as strangers write them: odd white space, escapes where none is needed, every way to write a number, names
 * that trip JavaScript. With a small chance something in it must be refused.
 */
export function randomObjectText(random: Random, mischief: number): string {
  return objectText(random, mischief, 1);
}

function valueText(random: Random, mischief: number, depth: number): string {
  const kind = random.below(depth > 5 ? 6 : 9);
  if (kind < 2) return stringText(random, mischief);
  if (kind < 5) return numberText(random, mischief);
  if (kind === 5) return random.pick(['true', 'false', 'null']);
  if (kind < 8) return objectText(random, mischief, depth + 1);
  const items = random.times(
    random.below(5),
    () => space(random) + valueText(random, mischief, depth + 1) + space(random),
  );
  return `[${items.length === 0 ? space(random) : items.join(',')}]`;
}

function objectText(random: Random, mischief: number, depth: number): string {
  const names = new Set<string>();
  const members: string[] = [];
  const count = random.chance(0.05) ? 30 : random.below(6);
  for (let i = 0; i < count; i++) {
    const name = nameText(random, mischief);
    const read = JSON.parse(name) as string;
    if (names.has(read) && !random.chance(mischief)) continue;
    names.add(read);
    members.push(
      `${space(random)}${name}${space(random)}:${space(random)}${valueText(random, mischief, depth)}${space(random)}`,
    );
  }
  if (random.chance(mischief / 4)) members.push(`"deep":${'['.repeat(70)}${']'.repeat(70)}`);
  return `{${members.length === 0 ? space(random) : members.join(',')}}`;
}

function nameText(random: Random, mischief: number): string {
  if (random.chance(0.4)) {
    const name = random.pick([
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'length',
      '',
      '0',
      '10',
      '2',
      '-1',
      '007',
      'text',
    ]);
    return JSON.stringify(name);
  }
  return stringText(random, mischief);
}

export function stringText(random: Random, mischief: number): string {
  let text = '';
  const length = random.chance(0.1) ? random.below(60) : random.below(10);
  for (let i = 0; i < length; i++) text += characterText(random, mischief);
  return `"${text}"`;
}

function characterText(random: Random, mischief: number): string {
  if (random.chance(mischief / 5)) {
    return random.pick([
      '\\ud800',
      '\\udc00',
      '\\uDBFF\\uD800',
      '\ud83d',
      '\ude00',
      '\\ud83d\ude00',
      '\ud83d\\ude00',
      '\\ud83dx',
      '\\ud83d\\n',
    ]);
  }
  const code = random.pick([
    () => 0x20 + random.below(0x5f),
    () => random.below(0x20),
    () =>
      random.pick([
        0x22, 0x5c, 0x2f, 0x7e, 0x7f, 0x80, 0xff, 0x100, 0x7ff, 0x800, 0x2028, 0x2029, 0xfeff, 0xfffe, 0xffff,
      ]),
    () => random.below(0x10000),
    () => 0x10000 + random.below(0x100000),
  ])();
  if (code >= 0xd800 && code <= 0xdfff) return 'x';
  const raw = String.fromCodePoint(code);
  if (code >= 0x20 && raw !== '"' && raw !== '\\' && random.chance(0.7)) return raw;
  const short = { 8: 'b', 9: 't', 10: 'n', 12: 'f', 13: 'r', 34: '"', 47: '/', 92: '\\' }[code];
  if (short !== undefined && random.chance(0.5)) return '\\' + short;
  const upper = random.chance(0.5);
  return [...raw.split('')]
    .map((unit) => {
      const hex = unit.charCodeAt(0).toString(16).padStart(4, '0');
      return '\\u' + (upper ? hex.toUpperCase() : hex);
    })
    .join('');
}

export function numberText(random: Random, mischief: number): string {
  if (random.chance(mischief / 5)) {
    return random.pick(['1e400', '-1e309', '9'.repeat(4301), '-' + '1'.repeat(5000), '1.8e308', '123456789e301']);
  }
  const value = random.double();
  const small = (random.below(2_000_001) - 1_000_000) / random.pick([1, 10, 1000, 1e6]);
  return random.pick([
    () => String(value),
    () => value.toExponential().toUpperCase(),
    () => value.toPrecision(21),
    () => String(small),
    () => small.toFixed(random.below(8)),
    () => small.toExponential(random.below(10)),
    () => `${random.below(10)}.${digits(random, random.below(30) + 1)}`,
    () => `${random.below(100)}e${random.pick(['', '+', '-', '-0', '+00'])}${random.below(290)}`,
    () =>
      random.pick(['', '-']) + (1 + random.below(9)) + digits(random, random.below(random.chance(0.02) ? 4300 : 40)),
    () => random.pick('0 -0 0.0 -0.0 0e0 -0E-5 0.00 1e-400 -1e-400 5e-324 2e-324 1e15 1e16 1e21 1e22'.split(' ')),
  ])();
}

function digits(random: Random, count: number): string {
  return random.times(count, () => random.below(10)).join('');
}

function space(random: Random): string {
  return random.chance(0.8) ? '' : random.times(random.below(4), () => random.pick([' ', '\t', '\n', '\r'])).join('');
}
