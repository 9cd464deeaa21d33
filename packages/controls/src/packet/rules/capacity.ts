import type { NamedRule } from '../rule.ts';
import { secondsOf } from '../times.ts';
import { counted } from '../text.ts';
import { servicesOf } from './each-service.ts';
import { Findings, serviceItem } from './tally.ts';

/** No alert of a service that was full stayed open for longer. For use beside the rule that the fact was known. */
export function alertsClosed(maxOpenHours: number): NamedRule {
  return {
    name: 'alerts_closed',
    parameters: { maxOpenHours },
    judge: (context) => {
      const found = new Findings();
      for (const service of servicesOf(context, 'period')) {
        const item = found.item(service.service_id, serviceItem(service));
        for (const { from, to } of openStretches(service.capacity)) {
          if (secondsOf(to) - secondsOf(from) <= maxOpenHours * 3600) continue;
          item.fails(`an alert was open for longer than ${counted(maxOpenHours, 'hour', 'hours')}`, from, to);
        }
      }
      return found;
    },
  };
}

interface Reading {
  readonly from: string;
  readonly to: string;
  readonly value: { readonly alert_open: boolean };
}

/** Readings change by the hour while one alert stays: those that follow each other are one. */
function openStretches(spans: readonly Reading[]): { from: string; to: string }[] {
  const open: { from: string; to: string }[] = [];
  for (const { from, to, value } of spans.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    if (!value.alert_open) continue;
    const last = open.at(-1);
    if (last !== undefined && last.to >= from) last.to = to;
    else open.push({ from, to });
  }
  return open;
}
