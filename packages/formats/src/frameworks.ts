/** What packets are made for, in the published order. */
export const FRAMEWORKS = [
  { id: 'soc2', name: 'SOC 2 Type II' },
  { id: 'gdpr_ropa', name: 'GDPR Art. 30 ROPA' },
  { id: 'dora', name: 'DORA' },
  { id: 'eu_ai_act', name: 'EU AI Act' },
] as const;

export type Framework = (typeof FRAMEWORKS)[number]['id'];
