import { soc2 } from '../../catalogues/soc2.ts';
import type { TrustCategory } from '../declarations.ts';
import type { PacketCatalogue, PacketControl } from '../rule.ts';
import { previousExceptionsTracked } from '../rules/previous-exceptions.ts';
import { ACCESS } from './soc2-access.ts';
import { CATEGORIES } from './soc2-categories.ts';
import type { Soc2Entry } from './soc2-entry.ts';
import { chosenCategory } from './soc2-gates.ts';
import { OPERATIONS } from './soc2-operations.ts';

const TRACKING: Soc2Entry = {
  id: 'CC4.2',
  kind: 'events',
  predicate: 'it has a state in this packet: there again, or closed by what the records show',
  items: { one: 'exception of the packet before', many: 'exceptions of the packet before' },
  refs: ['previous', 'audit_log.flags'],
  doesNotShow: 'who was told, and when',
  rule: previousExceptionsTracked(() => CONTROLS),
};

const ENTRIES = new Map([...ACCESS, ...OPERATIONS, ...CATEGORIES, TRACKING].map((entry) => [entry.id, entry]));

const CONTROLS: readonly PacketControl[] = soc2.controls.flatMap(({ id, title, category, role }) => {
  const entry = ENTRIES.get(id);
  if (entry === undefined || role === 'not_covered') return [];
  const { rule, mayAttest = true, ...rest } = entry;
  const gate = category === 'security' ? {} : { gate: chosenCategory(category as TrustCategory) };
  const { name, parameters, judge } = rule;
  return [{ ...rest, ...gate, title, category, role, rule: { name, parameters }, judge, mayAttest }];
});

/** The 61 criteria: those that records say something about, and the others with why they don't. */
export const soc2Packet: PacketCatalogue = {
  id: soc2.id,
  version: `${soc2.version}-packet.2`,
  name: soc2.name,
  title: () => 'Evidence packet, SOC 2 criteria',
  controls: CONTROLS,
  notCovered: soc2.controls.flatMap(({ id, title, role, why = '' }) =>
    role === 'not_covered' ? [{ id, title, why }] : [],
  ),
  statements: () => [],
};
