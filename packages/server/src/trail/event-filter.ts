export interface EventFilter {
  readonly action?: string | undefined;
  readonly resource_type?: string | undefined;
  readonly actor_id?: string | undefined;
  /** RFC 3339, both inclusive. */
  readonly start_date?: string | undefined;
  readonly end_date?: string | undefined;
  /** Exclusive. */
  readonly after_sequence?: number | undefined;
}

/** A filter as SQL over audit_events. `place` puts a value into the statement: as a parameter, or as a literal. */
export function conditionsOf(
  organizationNo: number,
  filter: EventFilter,
  place: (value: string | number) => string,
): string {
  const conditions = [`organization_no = ${place(organizationNo)}`];
  const add = (condition: string, value: string | number | undefined): void => {
    if (value !== undefined) conditions.push(`${condition} ${place(value)}`);
  };
  add('action =', filter.action);
  add('resource_type =', filter.resource_type);
  add('actor_id =', filter.actor_id);
  add('occurred_at >=', filter.start_date);
  add('occurred_at <=', filter.end_date);
  add('sequence >', filter.after_sequence);
  return conditions.join(' AND ');
}
