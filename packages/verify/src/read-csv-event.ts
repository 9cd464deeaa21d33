import {
  AUDIT_EVENT_CSV_HEADER,
  AUDIT_EVENT_MEMBERS,
  ExactJson,
  FormatError,
  parseExactJson,
  readCsvCell,
  type JsonValue,
} from '@veritrail/formats';

import { InputError } from './input-text.ts';

/** @throws {InputError} unless the row is the header of an export */
export function checkCsvHeader(row: string): void {
  if (row.replace(/\r?\n$/, '') !== AUDIT_EVENT_CSV_HEADER.trimEnd()) {
    throw new InputError('Its first row does not name the members of an audit event in their order.');
  }
}

/**
 * A row of an export as the object that parseAuditEvent reads.
 *
 * @param row with its line end
 * @throws {InputError} for a row that has not exactly the fourteen cells of RFC 4180, or whose details aren't JSON
 */
export function readCsvEvent(row: string): JsonValue {
  const cells = readCells(row.replace(/\r?\n$/, ''));
  if (cells.length !== AUDIT_EVENT_MEMBERS.length) {
    throw new InputError(`A row does not have exactly ${AUDIT_EVENT_MEMBERS.length} cells.`);
  }
  return Object.fromEntries(AUDIT_EVENT_MEMBERS.map((name, i) => [name, valueOf(name, cells[i] ?? EMPTY)]));
}

interface Cell {
  readonly text: string;
  readonly quoted: boolean;
}

const EMPTY: Cell = { text: '', quoted: false };

function valueOf(name: (typeof AUDIT_EVENT_MEMBERS)[number], cell: Cell): JsonValue {
  const text = readCsvCell(cell.text);
  if (name === 'details') return readDetails(text);
  if (name === 'sequence') return /^(?:0|[1-9]\d{0,15})$/.test(text) ? Number(text) : text;
  return cell.text === '' && !cell.quoted ? null : text;
}

function readDetails(text: string): JsonValue {
  try {
    const object = parseExactJson(`{"details":${text}}`, { exactMember: 'details' }) as { [name: string]: JsonValue };
    const { details } = object as { details: JsonValue };
    // A cell such as `{},"x":1` would bring a second member.
    return details instanceof ExactJson && Object.keys(object).length === 1 ? details : text;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new InputError(`The details of a row are not JSON that can be relied on. ${error.message}`);
  }
}

function readCells(row: string): Cell[] {
  const cells: Cell[] = [];
  let at = 0;
  // One more than there may be is enough to refuse the row.
  while (cells.length <= AUDIT_EVENT_MEMBERS.length) {
    const quoted = row.charAt(at) === '"';
    let end: number;
    if (quoted) {
      end = at + 1;
      for (; ; end += 2) {
        end = row.indexOf('"', end);
        if (end === -1) throw new InputError('A cell of a row has no end.');
        if (row.charAt(end + 1) !== '"') break;
      }
      cells.push({ text: row.slice(at + 1, end).replaceAll('""', '"'), quoted });
      end += 1;
    } else {
      end = row.indexOf(',', at);
      if (end === -1) end = row.length;
      const text = row.slice(at, end);
      if (text.includes('"')) throw new InputError('A cell of a row has a quote where none may be.');
      cells.push({ text, quoted });
    }
    if (end === row.length) return cells;
    if (row.charAt(end) !== ',') throw new InputError('After the quotes of a cell stands something else than a comma.');
    at = end + 1;
  }
  return cells;
}
