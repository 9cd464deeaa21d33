import type { DocumentKind } from '@veritrail/verify';
import { useId, useRef, useState, type SyntheticEvent } from 'react';

import { noAnswer, problemOf, sentenceOf } from '../api/problem.ts';
import { useTitle } from '../shell/use-title.ts';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { CheckField, TextArea, TextField } from '../ui/field.tsx';
import { bytes as inBytes } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageHeader, Panel } from '../ui/panel.tsx';
import { kindOf, runVerify, type AnyVerdict } from '../verify/run-verify.ts';
import { VerdictView } from '../verify/verdict-view.tsx';
import { textOf } from '../ui/form-text.ts';

const KINDS: Readonly<Record<DocumentKind, string>> = {
  posture_report: 'Signed posture report',
  evidence_packet: 'Signed evidence packet',
  audit_events: 'Audit events',
  unknown: 'Nothing that can be checked here',
};

interface Dropped {
  readonly file: File;
  readonly kind: DocumentKind;
}

export function Verify() {
  useTitle('Verify a document');
  const [dropped, setDropped] = useState<Dropped>();
  const [verdict, setVerdict] = useState<AnyVerdict>();
  const take = (file: File): void => {
    setVerdict(undefined);
    void kindOf(file).then((kind) => setDropped({ file, kind }));
  };
  return (
    <>
      <PageHeader
        title="Verify a document"
        lead="Checks what this server or another Veritrail signed: a posture report, an evidence packet, audit events or an export. Everything happens in your browser; neither the document nor a key leaves it."
      />
      <div className="flex flex-col gap-5">
        <DropZone dropped={dropped} onFile={take} />
        {dropped?.kind === 'unknown' && (
          <Notice tone="warn" title="This file can not be checked here">
            It begins neither like a posture report, nor an evidence packet, nor audit events. Take the file as it was
            downloaded, and do not format or convert it.
          </Notice>
        )}
        {dropped !== undefined && dropped.kind !== 'unknown' && (
          <KnownForm
            key={dropped.file.name + String(dropped.file.lastModified)}
            dropped={dropped}
            onVerdict={setVerdict}
          />
        )}
        <div role="status">{verdict !== undefined && <VerdictView verdict={verdict} />}</div>
      </div>
    </>
  );
}

function DropZone({
  dropped,
  onFile,
}: {
  readonly dropped: Dropped | undefined;
  readonly onFile: (file: File) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const id = useId();
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const [file] = event.dataTransfer.files;
        if (file !== undefined) onFile(file);
      }}
      className={classes(
        'flex flex-col items-center gap-2 rounded-lg border-2 border-dashed px-4 py-9 text-center',
        over ? 'border-accent bg-accent-soft' : 'border-line-strong/60 bg-surface',
      )}
    >
      <Icon name="verify" className="size-7 text-ink-3" />
      {dropped === undefined ? (
        <p className="text-sm text-ink-2">Drop a file here, or choose one.</p>
      ) : (
        <p className="text-sm">
          <span className="font-medium break-all">{dropped.file.name}</span>
          <span className="block text-ink-3">
            {KINDS[dropped.kind]}, {inBytes(dropped.file.size)}
          </span>
        </p>
      )}
      <label htmlFor={id} className="sr-only">
        Document
      </label>
      <input
        ref={input}
        id={id}
        type="file"
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file !== undefined) onFile(file);
          event.currentTarget.value = '';
        }}
      />
      <Button onClick={() => input.current?.click()}>
        {dropped === undefined ? 'Choose a file' : 'Choose another file'}
      </Button>
    </div>
  );
}

function KnownForm({
  dropped,
  onVerdict,
}: {
  readonly dropped: Dropped;
  readonly onVerdict: (verdict: AnyVerdict | undefined) => void;
}) {
  const [progress, setProgress] = useState<number>();
  const [error, setError] = useState<string>();
  const { file, kind } = dropped;
  if (kind === 'unknown') return null;
  const check = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string => textOf(form, name);
    setProgress(0);
    setError(undefined);
    onVerdict(undefined);
    const run = async (): Promise<AnyVerdict> => {
      const given = form.get('keys');
      const known = {
        key: text('key'),
        organizationId: text('organization').toLowerCase(),
        responseSignature: text('signature'),
        whole: form.has('whole'),
        fingerprints: text('fingerprints'),
        keysDocument:
          given instanceof File && given.size > 0
            ? new Uint8Array(await given.arrayBuffer())
            : form.has('published')
              ? await publishedKeys()
              : undefined,
      };
      return runVerify(file, kind, known, setProgress);
    };
    run()
      .then(onVerdict)
      .catch((reason: unknown) => setError(reason instanceof TypeError ? reason.message : sentenceOf(reason)))
      .finally(() => setProgress(undefined));
  };
  return (
    <Panel title="What you know" hint="What is left empty can not be checked, and the verdict says so.">
      <form onSubmit={check} className="flex flex-col gap-4" autoComplete="off">
        {error !== undefined && (
          <Notice tone="bad" title="It could not be checked">
            {error}
          </Notice>
        )}
        {kind === 'evidence_packet' && <PacketFields />}
        {kind === 'posture_report' && (
          <div className="grid gap-4 lg:grid-cols-2">
            <TextField
              label="Verification key"
              hint="An admin of the organization gave it to you by another way."
              name="key"
              type="password"
              autoComplete="off"
            />
            <TextField
              label="Organization id"
              hint="Whose report it should be"
              name="organization"
              autoComplete="off"
            />
          </div>
        )}
        {kind === 'audit_events' && (
          <>
            <div className="grid gap-4 lg:grid-cols-2">
              <TextArea
                label="Audit secrets"
                hint="AUDIT_HMAC_SECRET; former ones below it, one a line"
                name="key"
                rows={2}
                autoComplete="off"
                spellCheck={false}
              />
              <TextField
                label="MAC of the file"
                hint="X-Audit-Signature, or “signature” of the export’s manifest"
                name="signature"
                placeholder="sha256=…"
                autoComplete="off"
              />
            </div>
            <CheckField
              label="No event may be missing"
              hint="For a whole trail; a filtered export has gaps by its nature."
              name="whole"
            />
          </>
        )}
        <div className="flex items-center gap-3">
          <Button type="submit" look="primary" busy={progress !== undefined}>
            Check it
          </Button>
          {progress !== undefined && progress > 0 && (
            <span className="tabular text-sm text-ink-3">
              {inBytes(progress)} of {inBytes(file.size)}
            </span>
          )}
        </div>
      </form>
    </Panel>
  );
}

function PacketFields() {
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <div className="flex flex-col gap-3">
        <CheckField
          label="Use the keys that this server publishes"
          hint="Asks it for /.well-known/compliance-signing-keys and sends nothing of the packet"
          name="published"
          defaultChecked
        />
        <TextField
          label="Or a file with published keys"
          hint="What another server answered there, as it came"
          name="keys"
          type="file"
          accept=".json,application/json"
        />
      </div>
      <TextArea
        label="Fingerprints of keys that you believe"
        hint="SHA-256 in hex, one a line, got by another way, such as a contract"
        name="fingerprints"
        autoComplete="off"
        spellCheck={false}
      />
    </div>
  );
}

async function publishedKeys(): Promise<Uint8Array> {
  const response = await fetch('/.well-known/compliance-signing-keys', { credentials: 'omit' }).catch(() => {
    throw noAnswer();
  });
  if (!response.ok) throw await problemOf(response);
  return new Uint8Array(await response.arrayBuffer());
}
