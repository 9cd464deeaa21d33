/** What evidence packets are made for, in the order in which lists show them. Ids and names are the published ones. */
export const FRAMEWORKS = [
  { id: 'soc2', name: 'SOC 2 Type II' },
  { id: 'gdpr_ropa', name: 'GDPR Art. 30 ROPA' },
  { id: 'dora', name: 'DORA' },
  { id: 'eu_ai_act', name: 'EU AI Act' },
] as const;

export type Framework = (typeof FRAMEWORKS)[number]['id'];

export const FRAMEWORK_IDS: readonly Framework[] = FRAMEWORKS.map(({ id }) => id);

export function frameworkName(framework: Framework): string {
  return FRAMEWORKS.find(({ id }) => id === framework)?.name ?? framework;
}
