/**
 * Which countries make a zone `eu` and `eea`, by the ISO code of the data centre.
 *
 * Left out on purpose: GB and CH, whatever the adequacy decisions about them, and territories with a code of their own,
 * also where EU law reaches some of them (AX, GF, GP, MF, MQ, RE, YT); so a doubtful zone shows false, never true.
 */
export const jurisdictions = {
  asOf: '2026-11',
  /** The 27 member states. */
  euMembers: new Set(
    'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
  ) as ReadonlySet<string>,
  /** In the European Economic Area through EFTA: the GDPR applies there, EU membership doesn't. */
  eeaEfta: new Set(['IS', 'LI', 'NO']) as ReadonlySet<string>,
};
