import { readFileSync, statSync } from 'node:fs';

import { PostureError } from '../posture-error.ts';
import { countryCodes } from './country-codes.ts';
import { regionLabels } from './provider-zones.ts';

export interface OwnZone {
  readonly zone: string;
  readonly region: string;
  readonly country: string;
  readonly city: string;
  readonly provider: string;
  /** Whether it may take the place of a shipped zone. */
  readonly override: boolean;
}

/** Ample for 10,000 zones; a bigger file is some other file. */
const maxBytes = 5_000_000;
const maxZones = 10_000;
const members = ['zone', 'region', 'country', 'city', 'provider', 'override'];

type Entry = Readonly<Record<string, unknown>>;

/**
 * Reads the operator's own zones.
 *
 * Format: docs/operating/zones.md.
 * @throws {PostureError} `zone_file_invalid` for the first thing that is wrong; the message names the entry.
 */
export function readZonesFile(file: string): readonly OwnZone[] {
  const whole = parse(readBytes(file));
  if (!isEntry(whole)) refuse('the file must hold one JSON object, {"zones": [...]}.');
  for (const name of Object.keys(whole)) {
    if (name !== 'zones') refuse(`${quoted(name)} is not a known member; there is only "zones".`);
  }
  const list = whole['zones'];
  if (!Array.isArray(list)) refuse('"zones" must be a list.');
  if (list.length > maxZones) refuse(`there are ${list.length} zones; the most is ${maxZones}.`);

  const seen = new Set<string>();
  return list.map((entry: unknown, index) => {
    const own = readZone(entry, `zones[${index}]`);
    if (seen.has(own.zone)) refuse(`zones[${index}] ${quoted(own.zone)}: an earlier entry has the same id.`);
    seen.add(own.zone);
    return own;
  });
}

export function refuse(what: string, cause?: unknown): never {
  throw new PostureError('zone_file_invalid', `ZONES_FILE: ${what}`, cause === undefined ? undefined : { cause });
}

/** A value as it may stand in a message: not whole, since it can be as long as the file and nested as deep. */
export function quoted(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function readZone(entry: unknown, place: string): OwnZone {
  if (!isEntry(entry)) refuse(`${place}: must be a JSON object.`);
  const { zone, region, country, override = false } = entry;
  const where = zone === undefined ? place : `${place} ${quoted(zone)}`;
  for (const name of Object.keys(entry)) {
    if (!members.includes(name)) {
      refuse(`${where}: ${quoted(name)} is not a known member; there are ${members.join(', ')}.`);
    }
  }
  if (typeof zone !== 'string' || !/^[!-~]{1,100}$/.test(zone)) {
    refuse(`${where}: "zone" must be 1 to 100 visible ASCII characters.`);
  }
  if (typeof region !== 'string' || !regionLabels.some((known) => known === region)) {
    refuse(`${where}: "region" is ${quoted(region)}; it must be one of ${regionLabels.join(', ')}.`);
  }
  if (typeof country !== 'string' || !countryCodes.has(country)) {
    refuse(`${where}: "country" is ${quoted(country)}; it must be an ISO 3166-1 alpha-2 code, in capitals.`);
  }
  if (typeof override !== 'boolean') refuse(`${where}: "override" must be true or false.`);
  const [city, provider] = [label(entry, 'city', where), label(entry, 'provider', where)];
  return { zone, region, country, city, provider, override };
}

/** Free text for reports; control characters and lone surrogates would break the lines, or bytes, that it is put in. */
function label(entry: Entry, name: string, where: string): string {
  const { [name]: value = '' } = entry;
  if (typeof value !== 'string' || value.length > 100 || /[\p{Cc}\p{Cs}]/u.test(value)) {
    refuse(`${where}: "${name}" must be text of at most 100 characters, without control characters.`);
  }
  return value;
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Only a regular file is opened: a pipe would be waited for, and a device read, without end. */
function readBytes(file: string): Uint8Array {
  try {
    const status = statSync(file);
    if (!status.isFile()) refuse(`${file} is not a file.`);
    if (status.size > maxBytes) refuse(`${file} has ${status.size} bytes; the most is ${maxBytes}.`);
    return readFileSync(file);
  } catch (error) {
    if (error instanceof PostureError) throw error;
    return refuse(`${file} can't be read; check the path, and that this user may read it.`, error);
  }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return refuse('the file is not JSON in UTF-8.', error);
  }
}
