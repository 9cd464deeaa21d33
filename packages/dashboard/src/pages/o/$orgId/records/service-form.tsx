import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState, type SyntheticEvent } from 'react';

import { call } from '../../../../api/call.ts';
import { sentenceOf } from '../../../../api/problem.ts';
import { zonesQuery, type Service } from '../../../../api/queries.ts';
import { useOrganization } from '../../../../shell/organization.ts';
import { Button } from '../../../../ui/button.tsx';
import { countryName } from '../../../../ui/country.ts';
import { CheckField, SelectField, TextField } from '../../../../ui/field.tsx';
import { Icon } from '../../../../ui/icons.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { Sheet } from '../../../../ui/sheet.tsx';
import { tell } from '../../../../ui/toasts.tsx';
import { textOf } from '../../../../ui/form-text.ts';

/** Records a service, or changes the facts of one. */
export default function ServiceForm({
  service,
  onClose,
}: {
  readonly service?: Service;
  readonly onClose: () => void;
}) {
  const { id: orgId } = useOrganization();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const formId = useId();
  const [zones, setZones] = useState<readonly string[]>(service?.zones ?? []);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  const store = async (form: FormData): Promise<void> => {
    const text = (name: string): string => textOf(form, name);
    const body = {
      name: text('name'),
      database_type: text('database_type'),
      zones: [...zones],
      storage_encrypted_at_rest: form.has('storage_encrypted_at_rest'),
      backup_encryption: form.has('backup_encryption') ? ('AES-256-GCM' as const) : null,
      tls_enabled: form.has('tls_enabled'),
      backup_schedule: text('backup_schedule') as Service['backup_schedule'],
      backup_retention_days: Number(text('backup_retention_days')),
    };
    const stored =
      service === undefined
        ? await call('post', '/organizations/{orgId}/services', { path: { orgId }, body })
        : await call('patch', '/organizations/{orgId}/services/{serviceId}', {
            path: { orgId, serviceId: service.service_id },
            body,
          });
    await queryClient.invalidateQueries({ queryKey: [orgId] });
    tell(service === undefined ? `${stored.name} was recorded.` : `${stored.name} was changed.`);
    onClose();
    if (service === undefined) {
      await navigate({
        to: '/o/$orgId/records/services/$serviceId',
        params: { orgId, serviceId: stored.service_id },
      });
    }
  };
  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    store(new FormData(event.currentTarget))
      .catch((reason: unknown) => setError(sentenceOf(reason)))
      .finally(() => setBusy(false));
  };

  return (
    <Sheet
      open
      onClose={onClose}
      title={service === undefined ? 'Record a service' : `Change ${service.name}`}
      description={
        service === undefined ? 'What is true of it from now on.' : 'What was true until now stays in its history.'
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={formId} look="primary" busy={busy}>
            {service === undefined ? 'Record it' : 'Save the change'}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
        {error !== undefined && (
          <Notice tone="bad" title="It was not stored">
            {error}
          </Notice>
        )}
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField label="Name" name="name" required maxLength={200} defaultValue={service?.name} />
          <TextField
            label="Type of database"
            name="database_type"
            required
            maxLength={100}
            placeholder="postgresql"
            defaultValue={service?.database_type}
          />
        </div>
        <ZonePicker zones={zones} onChange={setZones} />
        <fieldset className="flex flex-col gap-2.5">
          <legend className="mb-1.5 text-[0.8125rem] font-medium">Protection</legend>
          <CheckField
            label="Storage is encrypted at rest"
            name="storage_encrypted_at_rest"
            defaultChecked={service?.storage_encrypted_at_rest ?? true}
          />
          <CheckField label="Connections need TLS" name="tls_enabled" defaultChecked={service?.tls_enabled ?? true} />
          <CheckField
            label="Backups are encrypted with AES-256-GCM"
            name="backup_encryption"
            defaultChecked={service === undefined || service.backup_encryption !== null}
          />
        </fieldset>
        <div className="grid gap-4 sm:grid-cols-2">
          <SelectField
            label="Backups are made"
            name="backup_schedule"
            defaultValue={service?.backup_schedule ?? 'daily'}
          >
            <option value="hourly">hourly</option>
            <option value="daily">daily</option>
            <option value="weekly">weekly</option>
            <option value="none">not at all</option>
          </SelectField>
          <TextField
            label="And kept for (days)"
            name="backup_retention_days"
            type="number"
            min={0}
            max={36_500}
            required
            defaultValue={service?.backup_retention_days ?? 14}
          />
        </div>
      </form>
    </Sheet>
  );
}

function ZonePicker({
  zones,
  onChange,
}: {
  readonly zones: readonly string[];
  readonly onChange: (zones: readonly string[]) => void;
}) {
  const catalogue = useQuery(zonesQuery());
  const list = useId();
  const [text, setText] = useState('');
  const known = new Map(catalogue.data?.map((zone) => [zone.zone, zone]));
  const add = (): void => {
    const zone = text.trim();
    if (zone !== '' && !zones.includes(zone)) onChange([...zones, zone]);
    setText('');
  };
  return (
    <div>
      <div className="flex items-end gap-2">
        <TextField
          className="flex-1"
          label="Zones"
          list={list}
          value={text}
          maxLength={100}
          placeholder="se-sto1"
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            add();
          }}
        />
        <Button onClick={add}>Add</Button>
      </div>
      <datalist id={list}>
        {catalogue.data?.map((zone) => (
          <option key={zone.zone} value={zone.zone}>
            {countryName(zone.country)}
          </option>
        ))}
      </datalist>
      <ul className="mt-2 flex flex-wrap gap-1.5" aria-label="Chosen zones">
        {zones.map((zone) => (
          <li
            key={zone}
            className="flex items-center gap-1 rounded border border-line bg-sunken py-0.5 pr-0.5 pl-2 text-[0.8125rem]"
          >
            <span className="font-mono">{zone}</span>
            <span className="text-xs text-ink-3">
              {known.has(zone) ? countryName(known.get(zone)?.country ?? '') : 'not in the catalogue'}
            </span>
            <button
              type="button"
              aria-label={`Remove ${zone}`}
              className="grid size-6 place-items-center rounded text-ink-3 hover:text-ink"
              onClick={() => onChange(zones.filter((one) => one !== zone))}
            >
              <Icon name="close" className="size-3" />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
