import type { Migration } from '../migrate.ts';

/**
 * Subscriptions to frameworks, and what a payment provider is told of them.
 *
 * A span is one run of a subscription, with the price in force when it began. Charges are computed from spans, so what a
 * closed month says can only change if a span of it does, and the trigger lets a span do one thing: end, once.
 *
 * The tables of the provider have no row-level security: whoever works off the jobs and whoever takes a webhook starts
 * from the provider's ids and enters the organization's scope from there. They hold ids and states, nothing of cards.
 */
export const subscriptions: Migration = {
  name: '0008-subscriptions',
  sql: `
CREATE TABLE subscription_spans (
  span_id uuid PRIMARY KEY,
  organization_no integer NOT NULL REFERENCES organizations,
  framework text COLLATE "C" NOT NULL,
  subscribed_at timestamptz NOT NULL,
  cancelled_at timestamptz CHECK (cancelled_at >= subscribed_at),
  price_cents integer NOT NULL CHECK (price_cents >= 0)
);
CREATE UNIQUE INDEX subscription_in_force ON subscription_spans (organization_no, framework) WHERE cancelled_at IS NULL;
CREATE INDEX subscription_spans_by_start ON subscription_spans (organization_no, framework, subscribed_at);

CREATE FUNCTION refuse_all_but_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.cancelled_at IS NULL
      AND (NEW.span_id, NEW.organization_no, NEW.framework, NEW.subscribed_at, NEW.price_cents)
        = (OLD.span_id, OLD.organization_no, OLD.framework, OLD.subscribed_at, OLD.price_cents) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER end_only BEFORE UPDATE OR DELETE ON subscription_spans FOR EACH ROW EXECUTE FUNCTION refuse_all_but_end();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON subscription_spans FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE subscription_spans ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON subscription_spans USING (organization_no = current_organization());

-- Jobs are written in the transaction of the deed and worked off afterwards, one organization's in their order. Whoever
-- works on one holds a lease; if it ends first, the next one takes over. key_round is part of the idempotency key.
CREATE TABLE stripe_jobs (
  job_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organization_no integer NOT NULL REFERENCES organizations,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('subscribe', 'unsubscribe', 'customer')),
  span_id uuid REFERENCES subscription_spans CHECK ((span_id IS NULL) = (kind = 'customer')),
  framework text COLLATE "C",
  price_cents integer,
  attempts integer NOT NULL DEFAULT 0,
  key_round integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  lease uuid,
  leased_until timestamptz,
  last_error text COLLATE "C",
  done_at timestamptz
);
CREATE INDEX stripe_jobs_open ON stripe_jobs (organization_no, job_no) WHERE done_at IS NULL;
CREATE UNIQUE INDEX stripe_job_of_span ON stripe_jobs (span_id, kind);

CREATE TABLE stripe_customers (
  organization_no integer PRIMARY KEY REFERENCES organizations,
  customer_id text COLLATE "C" NOT NULL UNIQUE,
  name text COLLATE "C" NOT NULL,
  billing_email text COLLATE "C" NOT NULL
);

CREATE TABLE stripe_subscriptions (
  span_id uuid PRIMARY KEY REFERENCES subscription_spans,
  organization_no integer NOT NULL REFERENCES organizations,
  framework text COLLATE "C" NOT NULL,
  subscription_id text COLLATE "C" NOT NULL UNIQUE,
  payment_state text COLLATE "C" CHECK (payment_state IN ('paid', 'failed')),
  invoice_id text COLLATE "C",
  payment_state_at timestamptz
);
CREATE INDEX stripe_subscriptions_of_organization ON stripe_subscriptions (organization_no);

CREATE TABLE stripe_events (
  event_id text COLLATE "C" PRIMARY KEY,
  received_at timestamptz NOT NULL
);
CREATE INDEX stripe_events_by_age ON stripe_events (received_at);

GRANT SELECT, INSERT, UPDATE (cancelled_at) ON subscription_spans TO veritrail_server;
GRANT SELECT, INSERT, UPDATE (attempts, key_round, next_attempt_at, lease, leased_until, last_error, done_at)
  ON stripe_jobs TO veritrail_server;
GRANT SELECT, INSERT, UPDATE (name, billing_email) ON stripe_customers TO veritrail_server;
GRANT SELECT, INSERT, UPDATE (payment_state, invoice_id, payment_state_at) ON stripe_subscriptions TO veritrail_server;
GRANT SELECT, INSERT, DELETE ON stripe_events TO veritrail_server;
`,
};
