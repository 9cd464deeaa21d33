import type { Actor } from '@veritrail/server';

import { namedId } from './random.ts';

/** Somebody or something that acts in the demo. Nobody here exists, and no account is made for them. */
export interface DemoActor {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  /** From ranges reserved for documentation: RFC 5737 and RFC 3849. */
  readonly addresses: readonly string[];
  readonly userAgents: readonly string[];
  /** How much they do, beside the others of their kind. */
  readonly weight: number;
  /** Days before the demo's end. */
  readonly joinedDaysAgo: number;
  readonly leftDaysAgo: number;
}

/** Reserved by RFC 2606, so no message can ever reach anybody. */
const DOMAIN = 'nordlicht.example';
const ALWAYS = 100_000;

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';
const SAFARI =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15';
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';

/** Everybody in an office leaves through one of two addresses; at home each has their own. */
const OFFICES = { stockholm: '192.0.2.10', berlin: '192.0.2.74' } as const;

function person(
  login: string,
  name: string,
  at: { office: keyof typeof OFFICES; home: string; agents: readonly string[]; weight: number },
  stay: { joinedDaysAgo?: number; leftDaysAgo?: number } = {},
): DemoActor {
  return {
    id: namedId(login),
    username: `${login}@${DOMAIN}`,
    name,
    addresses: [OFFICES[at.office], OFFICES[at.office], at.home],
    userAgents: at.agents,
    weight: at.weight,
    joinedDaysAgo: stay.joinedDaysAgo ?? ALWAYS,
    leftDaysAgo: stay.leftDaysAgo ?? 0,
  };
}

function program(id: string, name: string, addresses: readonly string[], userAgent: string, weight: number): DemoActor {
  return {
    id,
    username: id,
    name,
    addresses,
    userAgents: [userAgent],
    weight,
    joinedDaysAgo: ALWAYS,
    leftDaysAgo: 0,
  };
}

export const PEOPLE = {
  aino: person('aino.virtanen', 'Aino Virtanen', {
    office: 'stockholm',
    home: '198.51.100.23',
    agents: [FIREFOX],
    weight: 10,
  }),
  bjorn: person('bjorn.akesson', 'Björn Åkesson', {
    office: 'stockholm',
    home: '2001:db8:40:1::5e',
    agents: [CHROME, PHONE],
    weight: 9,
  }),
  zoe: person('zoe.mueller', 'Zoë Müller', { office: 'berlin', home: '198.51.100.61', agents: [SAFARI], weight: 12 }),
  lukasz: person('lukasz.wisniewski', 'Łukasz Wiśniewski', {
    office: 'berlin',
    home: '198.51.100.88',
    agents: [FIREFOX],
    weight: 8,
  }),
  soren: person('soren.kjaer', 'Søren Kjær', {
    office: 'stockholm',
    home: '2001:db8:73:9::11',
    agents: [SAFARI, PHONE],
    weight: 6,
  }),
  ines: person('ines.goncalves', 'Inês Gonçalves', {
    office: 'berlin',
    home: '198.51.100.104',
    agents: [CHROME],
    weight: 11,
  }),
  francois: person('francois.lefevre', 'François Lefèvre', {
    office: 'berlin',
    home: '198.51.100.131',
    agents: [CHROME],
    weight: 7,
  }),
  eleni: person('eleni.papadopoulou', 'Ελένη Παπαδοπούλου', {
    office: 'berlin',
    home: '2001:db8:88:2::a',
    agents: [FIREFOX],
    weight: 9,
  }),
  katarina: person('katarina.horvathova', 'Katarína Horváthová', {
    office: 'stockholm',
    home: '198.51.100.170',
    agents: [SAFARI],
    weight: 7,
  }),
  mei: person(
    'mei.chen',
    '陳美玲',
    { office: 'stockholm', home: '198.51.100.199', agents: [CHROME], weight: 8 },
    { joinedDaysAgo: 210 },
  ),
  tomas: person(
    'tomas.obriain',
    'Tomás Ó Briain',
    { office: 'berlin', home: '198.51.100.212', agents: [CHROME], weight: 8 },
    { leftDaysAgo: 90 },
  ),
  agnieszka: person('agnieszka.zolc', 'Agnieszka Żółć', {
    office: 'stockholm',
    home: '2001:db8:91:4::3',
    agents: [FIREFOX],
    weight: 5,
  }),
} as const;

export const PROGRAMS = {
  ci: program('svc-ci', 'CI service account', ['192.0.2.130', '192.0.2.131'], 'nordlicht-ci/4.18', 4),
  shop: program('client-shop-api', 'Shop API', ['2001:db8:c0::21', '2001:db8:c0::22'], 'shop-api/2.7 (node 20)', 14),
  billing: program('client-billing', 'Billing', ['192.0.2.140'], 'billing/1.31 (jvm 21)', 9),
  partner: program('client-partner-sync', 'Partner sync', ['203.0.113.20'], 'python-httpx/0.27.0', 4),
} as const;

/** Reports what the platform did with the services: it is where their backups come from. */
export const BACKUP_AGENT = program('svc-backup-agent', 'Backup agent', ['192.0.2.150'], 'backup-agent/3.2', 0);

/** Reads what the platform doesn't tell, see observations.ts. */
export const CONFIG_SCAN = program('svc-config-scan', 'Configuration scan', ['192.0.2.151'], 'config-scan/2.3.1', 0);

/** As the trail keeps a deed's actor; people change services from their office. */
export function actorOf(actor: DemoActor): Actor {
  return {
    id: actor.id,
    username: actor.username,
    ipAddress: actor.addresses[0] ?? null,
    userAgent: actor.userAgents[0] ?? null,
  };
}
