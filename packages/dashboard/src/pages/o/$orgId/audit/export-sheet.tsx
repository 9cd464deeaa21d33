import { useRef, useState, type SyntheticEvent } from 'react';

import { sentenceOf } from '../../../../api/problem.ts';
import type { EventFilter } from '../../../../api/queries.ts';
import { isWhole, runExport, type ExportFormat, type FinishedExport, type Sink } from '../../../../trail/run-export.ts';
import { Button } from '../../../../ui/button.tsx';
import { Copyable } from '../../../../ui/copyable.tsx';
import { SelectField } from '../../../../ui/field.tsx';
import { bytes as inBytes, count, moment, number } from '../../../../ui/format.ts';
import { Icon } from '../../../../ui/icons.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { Fact, Facts } from '../../../../ui/panel.tsx';
import { save } from '../../../../ui/save.ts';
import { Sheet } from '../../../../ui/sheet.tsx';
import { textOf } from '../../../../ui/form-text.ts';

type Stage =
  | { readonly name: 'asking' }
  | { readonly name: 'running'; readonly bytes: number }
  | { readonly name: 'failed'; readonly sentence: string }
  | { readonly name: 'done'; readonly finished: FinishedExport };

const FORMATS: readonly [ExportFormat, string][] = [
  ['json', 'JSON, one array of events'],
  ['ndjson', 'NDJSON, one event a line'],
  ['csv', 'CSV, for spreadsheets'],
];

export default function ExportSheet({
  orgId,
  filter,
  total,
  onClose,
}: {
  readonly orgId: string;
  readonly filter: EventFilter;
  readonly total: number | undefined;
  readonly onClose: () => void;
}) {
  const [stage, setStage] = useState<Stage>({ name: 'asking' });
  const stop = useRef<AbortController>(undefined);
  const begin = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const format = textOf(new FormData(event.currentTarget), 'format') as ExportFormat;
    const stopping = new AbortController();
    stop.current = stopping;
    const run = async (): Promise<void> => {
      const sink = await openSink(`audit-events.${format}`);
      setStage({ name: 'running', bytes: 0 });
      const finished = await runExport(orgId, format, filter, {
        signal: stopping.signal,
        sink,
        onBytes: (bytes) => setStage({ name: 'running', bytes }),
      });
      if (finished.blob !== undefined) save(`audit-events-${finished.manifest.export_id}.${format}`, finished.blob);
      setStage({ name: 'done', finished });
    };
    run().catch((error: unknown) => {
      if (stopping.signal.aborted || (error as Error).name === 'AbortError') setStage({ name: 'asking' });
      else setStage({ name: 'failed', sentence: sentenceOf(error) });
    });
  };
  const close = (): void => {
    stop.current?.abort();
    onClose();
  };
  return (
    <Sheet
      open
      onClose={close}
      title="Export events"
      description="Oldest first, of the time until now. The export is itself an event of the trail."
    >
      {stage.name === 'done' ? (
        <Done finished={stage.finished} onClose={close} />
      ) : (
        <form onSubmit={begin} className="flex flex-col gap-4">
          <div className="text-sm">
            <p className="mb-1 text-ink-3">What is exported</p>
            <FilterWords filter={filter} total={total} />
          </div>
          <SelectField
            label="Format"
            name="format"
            disabled={stage.name === 'running'}
            hint="JSON and NDJSON are exact. CSV guards formulas, which changes such cells."
          >
            {FORMATS.map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </SelectField>
          {stage.name === 'failed' && (
            <Notice tone="bad" title="The export broke off">
              {stage.sentence}
            </Notice>
          )}
          <div className="flex items-center gap-3">
            {stage.name === 'running' ? (
              <>
                <p role="status" className="tabular flex-1 text-sm">
                  {inBytes(stage.bytes)} so far …
                </p>
                <Button onClick={() => stop.current?.abort()}>Stop</Button>
              </>
            ) : (
              <Button type="submit" look="primary" icon={<Icon name="download" />}>
                Start the export
              </Button>
            )}
          </div>
        </form>
      )}
    </Sheet>
  );
}

function FilterWords({ filter, total }: { readonly filter: EventFilter; readonly total: number | undefined }) {
  const words = [
    filter.action !== undefined && `action ${filter.action}`,
    filter.resource_type !== undefined && `resource type ${filter.resource_type}`,
    filter.actor_id !== undefined && `actor ${filter.actor_id}`,
    filter.start_date !== undefined && `from ${moment(filter.start_date)}`,
    filter.end_date !== undefined && `until ${moment(filter.end_date)}`,
  ].filter(Boolean);
  return (
    <p className="font-medium break-words">
      {words.length === 0 ? 'The whole trail' : `Events with ${words.join(', ')}`}
      {total !== undefined && <span className="font-normal text-ink-3"> (about {count(total, 'event')})</span>}
    </p>
  );
}

function Done({ finished, onClose }: { readonly finished: FinishedExport; readonly onClose: () => void }) {
  const { manifest, bytes } = finished;
  return (
    <div className="flex flex-col gap-4">
      {isWhole(finished) ? (
        <Notice tone="ok" title={`${count(manifest.events ?? 0, 'event')}, ${inBytes(bytes)}, whole`}>
          The bytes that arrived have the length and the SHA-256 of the server’s manifest.
        </Notice>
      ) : (
        <Notice tone="bad" title="What arrived is not the whole export">
          Its length or SHA-256 is not that of the manifest. Start it again.
        </Notice>
      )}
      <Facts>
        <Fact name="Export id">
          <Copyable text={manifest.export_id} label="export id" />
        </Fact>
        <Fact name="Sequences">
          {manifest.first_sequence === null
            ? 'None'
            : `${number(manifest.first_sequence)} to ${number(manifest.last_sequence ?? 0)}`}
        </Fact>
        <Fact name="SHA-256">
          <Copyable text={finished.sha256} label="SHA-256" />
        </Fact>
        <Fact name="MAC of the file">
          <Copyable text={manifest.signature ?? ''} label="MAC of the file" />
        </Fact>
      </Facts>
      <div className="flex flex-wrap justify-end gap-2">
        <Button
          icon={<Icon name="download" />}
          onClick={() =>
            save(
              `audit-events-${manifest.export_id}.manifest.json`,
              new Blob([`${JSON.stringify(manifest, null, 2)}\n`], { type: 'application/json' }),
            )
          }
        >
          Save the manifest
        </Button>
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  );
}

interface FilePicker {
  showSaveFilePicker?: (options: { suggestedName: string }) => Promise<{
    createWritable(): Promise<Sink>;
  }>;
}

/** Straight to a file where the browser can, so that a trail of any size fits. */
async function openSink(suggestedName: string): Promise<Sink | undefined> {
  const { showSaveFilePicker } = window as FilePicker;
  if (showSaveFilePicker === undefined || navigator.webdriver) return undefined;
  return (await showSaveFilePicker({ suggestedName })).createWritable();
}
