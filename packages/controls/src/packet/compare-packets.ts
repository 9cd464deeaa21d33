import { SERVICE_FACTS, type ServiceEvidence } from './evidence.ts';
import type { ControlStatus, Packet } from './packet.ts';

/** What differs between two packets of one framework, of which `before` is the older. */
export interface PacketComparison {
  readonly statuses: readonly {
    readonly control_id: string;
    /** Null: it isn't in that packet's catalogue. */
    readonly before: ControlStatus | null;
    readonly after: ControlStatus | null;
  }[];
  readonly counts: readonly {
    readonly control_id: string;
    readonly population: Change<number>;
    readonly failing: Change<number>;
    readonly unknown: Change<number>;
  }[];
  readonly exceptions: {
    /** An exception now and not before. */
    readonly opened: readonly string[];
    /** An exception before, and now there is support that there is none. */
    readonly closed: readonly string[];
    /** An exception before, and now nothing can be said: it was not mended, it is out of sight. */
    readonly vanished: readonly string[];
    readonly standing: readonly string[];
  };
  readonly services: {
    readonly added: readonly ServiceName[];
    readonly ended: readonly ServiceName[];
    /** Facts as they stood when each period, or before it the service, ended. */
    readonly changed: readonly (ServiceName & {
      readonly facts: readonly { readonly fact: string; readonly before: unknown; readonly after: unknown }[];
    })[];
  };
  readonly catalogue_changed: boolean;
}

interface Change<T> {
  readonly before: T;
  readonly after: T;
}

interface ServiceName {
  readonly service_id: string;
  readonly name: string;
}

export function comparePackets(before: Packet, after: Packet): PacketComparison {
  const old = new Map(before.controls.map((control) => [control.control_id, control]));
  const young = new Map(after.controls.map((control) => [control.control_id, control]));
  const ids = [...new Set([...young.keys(), ...old.keys()])];
  const pairs = ids.map((id) => ({ id, before: old.get(id), after: young.get(id) }));
  const wasException = pairs.filter((pair) => pair.before?.status === 'exception');
  const idsOf = (some: typeof pairs): string[] => some.map((pair) => pair.id);
  return {
    statuses: pairs
      .filter((pair) => pair.before?.status !== pair.after?.status)
      .map((pair) => ({
        control_id: pair.id,
        before: pair.before?.status ?? null,
        after: pair.after?.status ?? null,
      })),
    counts: pairs.flatMap(({ id, before: one, after: other }) => {
      if (one === undefined || other === undefined) return [];
      const change = (name: 'population' | 'failing' | 'unknown'): Change<number> => ({
        before: one.counts[name],
        after: other.counts[name],
      });
      const counts = { population: change('population'), failing: change('failing'), unknown: change('unknown') };
      const differs = Object.values(counts).some((count) => count.before !== count.after);
      return differs ? [{ control_id: id, ...counts }] : [];
    }),
    exceptions: {
      opened: idsOf(pairs.filter((pair) => pair.after?.status === 'exception' && pair.before?.status !== 'exception')),
      closed: idsOf(wasException.filter((pair) => pair.after?.status === 'attested')),
      vanished: idsOf(
        wasException.filter((pair) => pair.after?.status !== 'attested' && pair.after?.status !== 'exception'),
      ),
      standing: idsOf(wasException.filter((pair) => pair.after?.status === 'exception')),
    },
    services: compareServices(before, after),
    catalogue_changed: before.catalogue.digest !== after.catalogue.digest,
  };
}

function compareServices(one: Packet, other: Packet): PacketComparison['services'] {
  const [before, after] = [one.evidence.services, other.evidence.services];
  const old = new Map(before.map((service) => [service.service_id, service]));
  const young = new Map(after.map((service) => [service.service_id, service]));
  return {
    added: after.filter((service) => !old.has(service.service_id)).map(nameOf),
    // Ended in the meantime, or before the later period began.
    ended: before
      .filter((service) => service.ended_at === null && young.get(service.service_id)?.ended_at !== null)
      .map(nameOf),
    changed: after.flatMap((service) => {
      const earlier = old.get(service.service_id);
      if (earlier === undefined) return [];
      const facts = SERVICE_FACTS.flatMap((fact) => {
        const [was, is] = [lastValue(earlier, fact, one.period_end), lastValue(service, fact, other.period_end)];
        return JSON.stringify(was) === JSON.stringify(is) ? [] : [{ fact, before: was, after: is }];
      });
      return facts.length === 0 ? [] : [{ ...nameOf(service), facts }];
    }),
  };
}

function nameOf({ service_id, name }: ServiceEvidence): ServiceName {
  return { service_id, name };
}

/** When the period or the service ended. Null: unknown then, also if it was known until shortly before. */
function lastValue(service: ServiceEvidence, fact: (typeof SERVICE_FACTS)[number], periodEnd: string): unknown {
  const { ended_at: ended } = service;
  const end = ended !== null && ended < periodEnd ? ended : periodEnd;
  const last = service[fact].at(-1);
  return last === undefined || last.to < end ? null : last.value;
}
