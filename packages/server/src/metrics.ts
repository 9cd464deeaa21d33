import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Counts for the operator (Prometheus). No label names an organization, a user or an address. */
export interface Metrics {
  readonly requests: Counter<'route' | 'method' | 'status'>;
  readonly requestSeconds: Histogram<'route' | 'method'>;
  readonly eventsRecorded: Counter;
  readonly eventsRemoved: Counter;
  readonly loginsThrottled: Counter;
  readonly auditSecretRefreshes: Counter<'outcome'>;
  readonly stripeAttempts: Counter<'outcome'>;
  render(): Promise<string>;
  readonly contentType: string;
}

export function createMetrics(gauges: {
  readonly eventsWaiting: () => number;
  readonly trailsDiverged: () => number;
  readonly trailEventsChecked: () => number;
}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const metrics = {
    requests: new Counter({
      name: 'veritrail_http_requests_total',
      help: 'Requests answered',
      labelNames: ['route', 'method', 'status'] as const,
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'veritrail_http_request_seconds',
      help: 'Time from the first byte of a request to the end of its answer',
      labelNames: ['route', 'method'] as const,
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    eventsRecorded: new Counter({
      name: 'veritrail_audit_events_recorded_total',
      help: 'Audit events that callers sent and that are durable',
      registers,
    }),
    eventsRemoved: new Counter({
      name: 'veritrail_audit_events_removed_total',
      help: 'Audit events that retention removed',
      registers,
    }),
    loginsThrottled: new Counter({
      name: 'veritrail_logins_throttled_total',
      help: 'Logins turned away because of earlier failures',
      registers,
    }),
    auditSecretRefreshes: new Counter({
      name: 'veritrail_audit_secret_refreshes_total',
      help: 'Looks for a new audit secret where it is kept: unchanged, rotated or failed',
      labelNames: ['outcome'] as const,
      registers,
    }),
    stripeAttempts: new Counter({
      name: 'veritrail_stripe_attempts_total',
      help: 'Attempts to tell Stripe of a subscription: done, or failed and to be tried again',
      labelNames: ['outcome'] as const,
      registers,
    }),
  };
  new Gauge({
    name: 'veritrail_audit_events_waiting',
    help: 'Audit events that wait to be stored',
    registers,
    collect() {
      this.set(gauges.eventsWaiting());
    },
  });
  new Gauge({
    name: 'veritrail_trails_diverged',
    help: 'Trails that are not what was signed; anything but 0 needs somebody at once',
    registers,
    collect() {
      this.set(gauges.trailsDiverged());
    },
  });
  new Counter({
    name: 'veritrail_trail_events_checked_total',
    help: 'Stored events that were checked against what was signed',
    registers,
    collect() {
      this.reset();
      this.inc(gauges.trailEventsChecked());
    },
  });
  return { ...metrics, render: () => registry.metrics(), contentType: registry.contentType };
}
