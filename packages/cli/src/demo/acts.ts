import type { AuditAction } from '@veritrail/formats';

import { PEOPLE, type DemoActor } from './cast.ts';
import { namedId, type Random } from './random.ts';

export type Detail = string | number | boolean | null | readonly Detail[] | { readonly [name: string]: Detail };

/** What somebody does, with what it says of it. */
export interface Act {
  readonly action: AuditAction;
  readonly resourceType: string;
  /** How often, beside the other acts of the same list. */
  readonly weight: number;
  describe(
    random: Random,
    actor: DemoActor,
  ): { readonly id: string; readonly details: Readonly<Record<string, Detail>> };
}

const EXPERIMENTS = [
  'Checkout: one page or three',
  'Größere Produktbilder',
  'Livraison offerte dès 40 €',
  'Snabbare betalning',
  'Szybki zwrot',
  'Price badge colour',
  'Ευρετήριο προϊόντων',
  'Newsletter footer',
  'Wyszukiwarka: podpowiedzi',
] as const;
const FLAGS = [
  'checkout.express',
  'search.synonyms',
  'returns.self-service',
  'invoices.e-invoice',
  'profile.passkeys',
  'catalogue.new-filters',
] as const;
const CUSTOMERS = [
  'Åsa Lindqvist',
  'Müller & Söhne GmbH',
  'Józef Kowalczyk',
  'Café de la Gare SARL',
  'Γιώργος Νικολάου',
  'Ægir Hansen ApS',
  'Niamh Ó Súilleabháin',
  '株式会社みどり',
  'Renée d’Aubigné',
  'Örebro kommun',
] as const;
const REASONS = ['support case', 'chargeback', 'address check', 'delivery complaint', 'fraud review'] as const;
const CURRENCIES = ['EUR', 'SEK', 'PLN', 'DKK', 'GBP'] as const;
const STATES = ['paid', 'packed', 'shipped', 'delivered', 'returned'] as const;
const ROLES = ['viewer', 'editor', 'approver', 'administrator'] as const;

const numbered = (prefix: string, random: Random, most: number): string => `${prefix}-${random.whole(10_000, most)}`;
const experiment = (random: Random): string => `exp-${random.whole(1000, 1999).toString(16)}`;
const customer = (random: Random): string => numbered('cus', random, 48_000);

export const ACTS_OF_PEOPLE: readonly Act[] = [
  {
    action: 'UPDATE',
    resourceType: 'experiment',
    weight: 22,
    describe: (random) => ({
      id: experiment(random),
      details: {
        experiment_name: random.pick(EXPERIMENTS),
        changed: { traffic_split: { from: random.decimal(0.05, 0.45, 2), to: random.decimal(0.5, 0.95, 2) } },
        p_value: random.decimal(0.0001, 0.2, 5),
      },
    }),
  },
  {
    action: 'UPDATE',
    resourceType: 'feature_flag',
    weight: 17,
    describe: (random) => ({
      id: random.pick(FLAGS),
      details: {
        environment: random.chance(0.7) ? 'production' : 'staging',
        changed: { rollout: { from: random.decimal(0, 0.4, 2), to: random.decimal(0.45, 1, 2) } },
        targeting: {
          countries: random.chance(0.5) ? ['SE', 'FI', 'DK'] : ['DE', 'AT', 'PL'],
          employees_only: random.chance(0.2),
        },
      },
    }),
  },
  {
    action: 'CREATE',
    resourceType: 'experiment',
    weight: 9,
    describe: (random) => ({
      id: experiment(random),
      details: {
        experiment_name: random.pick(EXPERIMENTS),
        status: 'DRAFT',
        hypothesis: { metric: 'conversion', lift: random.decimal(0.005, 0.04, 3) },
      },
    }),
  },
  {
    action: 'CREATE',
    resourceType: 'feature_flag',
    weight: 4,
    describe: (random) => ({
      id: random.pick(FLAGS),
      details: { environment: 'staging', default: false, owner_team: 'Köp & retur' },
    }),
  },
  {
    action: 'DELETE',
    resourceType: 'experiment',
    weight: 4,
    describe: (random) => ({
      id: experiment(random),
      details: { experiment_name: random.pick(EXPERIMENTS), previous_status: random.chance(0.6) ? 'DRAFT' : 'STOPPED' },
    }),
  },
  {
    action: 'DELETE',
    resourceType: 'customer',
    weight: 1.2,
    describe: (random) => ({
      id: customer(random),
      details: {
        request: 'erasure',
        article: 'GDPR 17',
        ticket: numbered('DSR', random, 19_999),
        records: { orders: random.whole(0, 40), messages: random.whole(0, 12) },
      },
    }),
  },
  {
    action: 'READ',
    resourceType: 'customer',
    weight: 19,
    describe: (random) => ({
      id: customer(random),
      details: {
        customer: random.pick(CUSTOMERS),
        fields: random.chance(0.5) ? ['email', 'phone'] : ['email', 'address', 'birth_date'],
        reason: random.pick(REASONS),
      },
    }),
  },
  {
    action: 'READ',
    resourceType: 'payment_method',
    weight: 3,
    describe: (random) => ({
      id: numbered('pm', random, 90_000),
      details: {
        masked: `•••• ${random.whole(1000, 9999)}`,
        reason: random.pick(REASONS),
        ticket: numbered('SUP', random, 70_000),
      },
    }),
  },
  {
    action: 'LOGIN',
    resourceType: 'session',
    weight: 8,
    describe: (random, actor) => ({
      id: actor.id,
      details: random.chance(0.05)
        ? {
            outcome: 'failure',
            method: 'password',
            reason: random.chance(0.8) ? 'wrong password' : 'second factor expired',
          }
        : {
            outcome: 'success',
            method: random.chance(0.8) ? 'oidc' : 'password',
            second_factor: random.chance(0.9) ? 'passkey' : 'totp',
          },
    }),
  },
  {
    action: 'LOGOUT',
    resourceType: 'session',
    weight: 6,
    describe: (random, actor) => ({
      id: actor.id,
      details: { reason: random.chance(0.7) ? 'user' : 'idle', session_minutes: random.decimal(3, 540, 1) },
    }),
  },
  {
    action: 'EXPORT',
    resourceType: 'report',
    weight: 2,
    describe: (random) => ({
      id: numbered('rpt', random, 13_999),
      details: {
        format: random.chance(0.7) ? 'csv' : 'xlsx',
        rows: random.whole(40, 90_000),
        mebibytes: random.decimal(0.05, 38, 2),
        filter: { country: random.pick(['SE', 'DE', 'FR', 'PL', 'GR']), contains_personal_data: random.chance(0.4) },
      },
    }),
  },
  {
    action: 'PERMISSION_CHANGE',
    resourceType: 'user',
    weight: 1.1,
    describe: (random) => {
      const people = Object.values(PEOPLE);
      const { id, name } = random.pick(people);
      const from = random.pick(ROLES);
      const to = random.pick(ROLES.filter((role) => role !== from));
      const approver = random.pick(people.filter((one) => one.id !== id));
      return { id, details: { name, from, to, approved_by: approver.username } };
    },
  },
  {
    action: 'CONFIG_CHANGE',
    resourceType: 'setting',
    weight: 0.7,
    describe: (random) => ({
      id: random.pick(['session.idle_minutes', 'alerts.error_rate', 'scheduler.nightly', 'webhooks.retries']),
      details: {
        changed: { value: { from: random.decimal(0.5, 30, 1), to: random.decimal(0.5, 30, 1) } },
        change_request: numbered('CHG', random, 12_999),
      },
    }),
  },
];

export const ACTS_OF_PROGRAMS: Readonly<Record<string, readonly Act[]>> = {
  'client-shop-api': [
    {
      action: 'CREATE',
      resourceType: 'order',
      weight: 26,
      describe: (random) => ({
        id: numbered('ord', random, 990_000),
        details: {
          customer: customer(random),
          total: { amount: random.decimal(4, 480, 2), currency: random.pick(CURRENCIES) },
          lines: Array.from({ length: random.whole(1, 3) }, () => ({
            sku: numbered('sku', random, 30_000),
            quantity: random.whole(1, 4),
          })),
        },
      }),
    },
    {
      action: 'UPDATE',
      resourceType: 'order',
      weight: 62,
      describe: (random) => ({
        id: numbered('ord', random, 990_000),
        details: {
          changed: { status: { from: 'open', to: random.pick(STATES) } },
          weight_kg: random.decimal(0.1, 24, 3),
        },
      }),
    },
    {
      action: 'DELETE',
      resourceType: 'basket',
      weight: 7,
      describe: (random) => ({ id: numbered('bsk', random, 990_000), details: { reason: 'expired', idle_hours: 72 } }),
    },
  ],
  'client-billing': [
    {
      action: 'CREATE',
      resourceType: 'invoice',
      weight: 30,
      describe: (random) => ({
        id: numbered('inv', random, 400_000),
        details: {
          customer: random.pick(CUSTOMERS),
          net: random.decimal(9, 4_900, 2),
          vat_rate: random.pick([0.19, 0.2, 0.23, 0.25]),
          currency: random.pick(CURRENCIES),
        },
      }),
    },
    {
      action: 'UPDATE',
      resourceType: 'invoice',
      weight: 70,
      describe: (random) => ({
        id: numbered('inv', random, 400_000),
        details: {
          changed: { status: { from: 'sent', to: random.chance(0.9) ? 'paid' : 'överlämnad till inkasso' } },
          days_open: random.whole(0, 61),
        },
      }),
    },
  ],
  'client-partner-sync': [
    {
      action: 'UPDATE',
      resourceType: 'customer',
      weight: 70,
      describe: (random) => ({
        id: customer(random),
        details: { source: 'partner', changed: { segment: { from: null, to: random.pick(['B2B', 'B2C', 'övrigt']) } } },
      }),
    },
    {
      action: 'READ',
      resourceType: 'customer',
      weight: 30,
      describe: (random) => ({
        id: customer(random),
        details: { fields: ['email'], reason: 'synchronisation', page: random.whole(1, 90) },
      }),
    },
  ],
  'svc-ci': [
    {
      action: 'CREATE',
      resourceType: 'deployment',
      weight: 60,
      describe: (random) => ({
        id: namedId(`deployment ${random.whole(0, 0xff_ffff)}`),
        details: {
          repository: random.pick(['shop', 'billing', 'sök']),
          version: `${random.whole(1, 4)}.${random.whole(0, 60)}.${random.whole(0, 9)}`,
          seconds: random.decimal(21, 400, 1),
        },
      }),
    },
    {
      action: 'DELETE',
      resourceType: 'preview',
      weight: 34,
      describe: (random) => ({ id: numbered('preview', random, 14_999), details: { reason: 'merged' } }),
    },
    {
      action: 'CONFIG_CHANGE',
      resourceType: 'pipeline',
      weight: 4,
      describe: (random) => ({
        id: random.pick(['build', 'release', 'nightly']),
        details: { changed: { timeout_minutes: { from: 30, to: random.whole(31, 60) } } },
      }),
    },
  ],
};
