import { FormatError, parseExactJson } from '@veritrail/formats';

import { readEventDraft, type EventDraft } from './event-draft.ts';
import { TrailError } from './trail-error.ts';
import type { Trail } from './trail.ts';

/** How far an upload has come. Everything that is counted here is durable. */
export interface LineTally {
  /** Events recorded now, and those that the trail had already. */
  accepted: number;
  duplicates: number;
  /** The last line that is done with, counted from 1; 0 before the first. */
  lastLine: number;
}

/** The first line that is not recorded, and why. */
export class LineRefusal extends Error {
  readonly line: number;
  override readonly cause: TrailError | FormatError;

  constructor(line: number, cause: TrailError | FormatError) {
    super(cause.message, { cause });
    this.name = 'LineRefusal';
    this.line = line;
    this.cause = cause;
  }
}

interface LineDraft {
  readonly line: number;
  readonly draft: EventDraft;
}

const BLANK = /^[ \t\r]*$/;

/**
 * Records a batch of lines, one event each, and moves the tally on. Not all or nothing: the lines before the first bad
 * one are recorded. Blank lines count and say nothing.
 *
 * An event needs an id of its sender's here: without one, an upload that broke off could not be sent again without
 * recording its first part twice.
 *
 * @throws {LineRefusal} for the first line that can't be recorded; otherwise what `trail.record` throws
 */
export async function recordLines(
  trail: Pick<Trail, 'record'>,
  organizationNo: number,
  batch: { readonly firstLine: number; readonly lines: readonly string[] },
  parts: { readonly now: Date; readonly maxDepth: number; readonly tally: LineTally },
): Promise<void> {
  const { tally } = parts;
  const drafts: LineDraft[] = [];
  let refusal: LineRefusal | undefined;
  for (const [index, text] of batch.lines.entries()) {
    if (BLANK.test(text)) continue;
    const line = batch.firstLine + index;
    try {
      drafts.push({ line, draft: readLine(text, parts) });
    } catch (error) {
      if (!(error instanceof TrailError || error instanceof FormatError)) throw error;
      refusal = new LineRefusal(line, error);
      break;
    }
  }
  await recordDrafts(trail, organizationNo, drafts, tally);
  if (refusal !== undefined) {
    tally.lastLine = refusal.line - 1;
    throw refusal;
  }
  tally.lastLine = batch.firstLine + batch.lines.length - 1;
}

function readLine(text: string, { now, maxDepth }: { readonly now: Date; readonly maxDepth: number }): EventDraft {
  const draft = readEventDraft(parseExactJson(text, { maxDepth, exactMember: 'details' }), '', now);
  if (draft.id !== undefined) return draft;
  throw new TrailError(
    'event_invalid',
    'The event needs an id, a UUID of your own, so that the upload can be resumed.',
  );
}

/** A batch is refused whole for one id that is taken; halving it finds the first such line and records those before. */
async function recordDrafts(
  trail: Pick<Trail, 'record'>,
  organizationNo: number,
  drafts: readonly LineDraft[],
  tally: LineTally,
): Promise<void> {
  const [first] = drafts;
  if (first === undefined) return;
  try {
    const recorded = await trail.record(
      organizationNo,
      drafts.map(({ draft }) => draft),
    );
    tally.accepted += recorded.fresh;
    tally.duplicates += drafts.length - recorded.fresh;
    tally.lastLine = drafts.at(-1)?.line ?? tally.lastLine;
  } catch (error) {
    if (!(error instanceof TrailError) || error.code !== 'event_id_conflict') throw error;
    if (drafts.length === 1) {
      tally.lastLine = first.line - 1;
      throw new LineRefusal(first.line, error);
    }
    const middle = Math.ceil(drafts.length / 2);
    await recordDrafts(trail, organizationNo, drafts.slice(0, middle), tally);
    await recordDrafts(trail, organizationNo, drafts.slice(middle), tally);
  }
}
