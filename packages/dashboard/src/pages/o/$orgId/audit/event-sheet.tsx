import { auditEventMac, auditEventPayload, type AuditEvent } from '@veritrail/formats';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode, type SyntheticEvent } from 'react';

import { flagsQuery } from '../../../../api/queries.ts';
import { ACTION_TONES, FLAG_RULES } from '../../../../trail/actions.ts';
import { eventQuery } from '../../../../trail/read-events.ts';
import { Badge } from '../../../../ui/badge.tsx';
import { Button } from '../../../../ui/button.tsx';
import { Copyable, useCopy } from '../../../../ui/copyable.tsx';
import { TextField } from '../../../../ui/field.tsx';
import { count, number } from '../../../../ui/format.ts';
import { Icon } from '../../../../ui/icons.tsx';
import { Loaded } from '../../../../ui/loaded.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { Fact, Facts } from '../../../../ui/panel.tsx';
import { Sheet } from '../../../../ui/sheet.tsx';
import { Skeleton } from '../../../../ui/states.tsx';
import { Time } from '../../../../ui/time.tsx';
import type { AuditSearch } from './search.ts';
import { exactTextOf } from '../../../../ui/form-text.ts';

type Narrow = (next: Partial<AuditSearch>) => void;

/** One event: what it says, why it is flagged, and the bytes that its MAC covers. */
export default function EventSheet({
  orgId,
  eventId,
  onClose,
  onFilter,
}: {
  readonly orgId: string;
  readonly eventId: string;
  readonly onClose: () => void;
  readonly onFilter: Narrow;
}) {
  const event = useQuery(eventQuery(orgId, eventId));
  return (
    <Sheet side open onClose={onClose} title="Event" description={<Copyable text={eventId} label="event id" />}>
      <Loaded query={event} skeleton={<Skeleton lines={12} className="h-5" />}>
        {(data) => (
          <EventDetail
            orgId={orgId}
            event={data}
            onFilter={(next) => onFilter({ ...next, event: undefined } as never)}
          />
        )}
      </Loaded>
    </Sheet>
  );
}

function EventDetail({
  orgId,
  event,
  onFilter,
}: {
  readonly orgId: string;
  readonly event: AuditEvent;
  readonly onFilter: Narrow;
}) {
  const flags = useQuery(flagsQuery(orgId, { page: 1, eventId: event.id }));
  return (
    <div className="flex flex-col gap-6">
      {flags.data !== undefined && flags.data.items.length > 0 && (
        <div className="flex flex-col gap-2">
          {flags.data.items.map((flag) => (
            <Notice key={flag.rule} tone="warn" title={`Flagged: ${FLAG_RULES[flag.rule] ?? flag.rule}`}>
              {flag.reason}. Rule <code className="font-mono">{flag.rule}</code>, version {flag.rule_version}.
            </Notice>
          ))}
        </div>
      )}
      <Facts>
        <Fact name="Action">
          <Badge tone={ACTION_TONES[event.action] ?? 'neutral'} sign={false}>
            {event.action}
          </Badge>
        </Fact>
        <Fact name="Time">
          <Time at={event.timestamp} />
        </Fact>
        <Fact name="Resource">
          {event.resource_type}{' '}
          <Narrower onClick={() => onFilter({ resource_type: event.resource_type })}>of this type</Narrower>
          <Copyable text={event.resource_id} label="resource id" />
        </Fact>
        <Fact name="Actor">
          {event.actor_username ?? 'No name given'}{' '}
          <Narrower onClick={() => onFilter({ actor_id: event.actor_id })}>of this actor</Narrower>
          <Copyable text={event.actor_id} label="actor id" />
        </Fact>
        <Fact name="From">
          {event.ip_address === null ? 'No address given' : <Copyable text={event.ip_address} label="address" />}
        </Fact>
        <Fact name="With">{event.user_agent ?? 'Not given'}</Fact>
      </Facts>
      <Block title="Details">
        <Code text={pretty(event.detailsText)} />
      </Block>
      <Proof event={event} />
    </div>
  );
}

function Narrower({ onClick, children }: { readonly onClick: () => void; readonly children: ReactNode }) {
  return (
    <button type="button" onClick={onClick} className="rounded text-xs text-accent underline underline-offset-2">
      Show all {children}
    </button>
  );
}

function Proof({ event }: { readonly event: AuditEvent }) {
  const payload = auditEventPayload(event);
  const [copied, copy] = useCopy(payload);
  return (
    <>
      <Block title="Proof">
        <Facts>
          <Fact name="MAC (HMAC-SHA256)">
            <Copyable text={event.signature} label="MAC" />
          </Fact>
          <Fact name="Key">
            <Copyable text={event.signature_key_id} label="key id" />
          </Fact>
          <Fact name="Place in the trail">Sequence {number(event.sequence)}</Fact>
          <Fact name="Recorded">
            <Time at={event.recorded_at} />
          </Fact>
        </Facts>
      </Block>
      <Block
        title={`Payload: the ${count(payload.length, 'byte')} that the MAC covers`}
        action={
          <Button size="small" onClick={copy} icon={<Icon name={copied ? 'check' : 'copy'} className="size-3.5" />}>
            {copied ? 'Copied' : 'Copy'}
          </Button>
        }
      >
        <Code text={payload} />
        <p className="mt-1.5 text-xs text-ink-3">
          The name of the actor, the address, the user agent and the place in the trail are not among them.
        </p>
      </Block>
      <MacCheck event={event} payload={payload} />
    </>
  );
}

function MacCheck({ event, payload }: { readonly event: AuditEvent; readonly payload: string }) {
  const [holds, setHolds] = useState<boolean>();
  const check = (submit: SyntheticEvent<HTMLFormElement>): void => {
    submit.preventDefault();
    const secret = exactTextOf(new FormData(submit.currentTarget), 'secret');
    setHolds(auditEventMac(payload, secret) === event.signature);
  };
  return (
    <Block title="Check the MAC">
      <form onSubmit={check} className="flex flex-col gap-3">
        <TextField
          label="Audit secret"
          hint="AUDIT_HMAC_SECRET, or the former one that the key id names. It stays in this page."
          name="secret"
          type="password"
          autoComplete="off"
          required
          onChange={() => setHolds(undefined)}
        />
        <Button type="submit" className="self-start">
          Check
        </Button>
        <div role="status">
          {holds === true && (
            <Notice tone="ok" title="The MAC holds">
              The payload is as it was when this MAC was made. Whoever has the secret could have made it.
            </Notice>
          )}
          {holds === false && (
            <Notice tone="bad" title="The MAC does not hold">
              The secret is another one, or the event was changed.
            </Notice>
          )}
        </div>
      </form>
    </Block>
  );
}

function Block({
  title,
  action,
  children,
}: {
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="border-t border-line pt-4">
      <div className="mb-2.5 flex items-center justify-between gap-3">
        <h3 className="text-sm font-semibold">{title}</h3>
        {action}
      </div>
      {children}
    </section>
  );
}

function Code({ text }: { readonly text: string }) {
  return (
    <pre
      tabIndex={0}
      className="max-h-72 overflow-auto rounded-md border border-line bg-sunken px-3 py-2.5 font-mono text-[0.8125rem] leading-relaxed break-all whitespace-pre-wrap"
    >
      {text}
    </pre>
  );
}

/** Indented for the eye without reading numbers: 1.0 stays 1.0. */
function pretty(text: string): string {
  let depth = 0;
  const open = (bracket: string): string => {
    depth += 1;
    return `${bracket}\n${'  '.repeat(depth)}`;
  };
  const close = (bracket: string): string => {
    depth -= 1;
    return `\n${'  '.repeat(depth)}${bracket}`;
  };
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|\{\}|\[\]|[{[]|[}\]]|,|:/g, (token) => {
    if (token === '{' || token === '[') return open(token);
    if (token === '}' || token === ']') return close(token);
    if (token === ',') return `,\n${'  '.repeat(depth)}`;
    return token === ':' ? ': ' : token;
  });
}
