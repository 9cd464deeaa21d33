/** What no text of ours may claim, why, and what may be said in its place. */
export interface ForbiddenClaim {
  readonly id: string;
  readonly pattern: RegExp;
  readonly why: string;
  readonly say: string;
  /** `own_title`: forbidden as the name of a document of ours; others may be spoken of. */
  readonly scope?: 'own_title' | 'packet';
}

export const FORBIDDEN_CLAIMS: readonly ForbiddenClaim[] = [
  {
    id: 'F1',
    pattern:
      /\b(?:is|are|fully|100 ?%) (?:SOC ?2|ISO(?:\/IEC)? ?27001|GDPR|DORA|(?:EU )?AI Act)[- ]?(?:compliant|certified|ready)/i,
    why: 'a packet shows facts; compliance is a legal or professional conclusion',
    say: 'evidence for selected criteria of …',
  },
  {
    id: 'F2',
    pattern: /SOC ?2 certifi(?:ed|cate|cation)/i,
    why: 'SOC 2 is an examination with an opinion; there is no certificate',
    say: 'a reference to the report, its firm and period',
  },
  {
    id: 'F3',
    pattern: /(?:SOC 2|Type (?:2|II)) report/i,
    scope: 'own_title',
    why: 'only the service auditor issues it',
    say: 'evidence packet, SOC 2 criteria',
  },
  {
    id: 'F4',
    pattern: /auditor[- ](?:approved|certified|verified)|audit opinion|\bassurance\b/i,
    scope: 'packet',
    why: 'no practitioner was involved',
    say: 'signed by a key; not examined by an auditor',
  },
  {
    id: 'F5',
    pattern: /operated effectively|effective throughout/i,
    why: "operating effectiveness is the auditor's conclusion",
    say: 'held in n of m samples between two times',
  },
  {
    id: 'F6',
    pattern: /never left (?:the EU|Europe)|\bno (?:third-country )?transfers?\b/i,
    why: 'where data is stored shows neither remote access nor onward disclosure',
    say: 'storage and backups observed in named countries',
  },
  {
    id: 'F7',
    pattern: /tamper[- ]?proof|\bimmutable\b|cannot be (?:altered|forged)|can't be (?:altered|forged)/i,
    why: 'signatures detect and do not prevent',
    say: 'alteration is detected by a named method',
  },
  {
    id: 'F8',
    pattern: /\ball (?:events|actions) (?:are|were) (?:recorded|logged)/i,
    why: 'completeness needs a denominator',
    say: 'n of m known sources reporting',
  },
  {
    id: 'F9',
    pattern: /\ball connections (?:require|use) TLS/i,
    why: 'needs that TLS is required, not that it is offered',
    say: 'TLS offered, TLS required, as observed per service',
  },
  {
    id: 'F10',
    pattern: /\b(?:no|zero) (?:incidents|findings|issues|exceptions)\b/i,
    scope: 'packet',
    why: 'absence of records is not absence of events',
    say: 'none recorded in a register, by which rules, when',
  },
  {
    id: 'F11',
    pattern: /\b\d{1,3} ?% (?:compliant|compliance|secure)/i,
    why: 'a score hides what is unknown',
    say: 'counts of the four statuses and of criteria not covered',
  },
  { id: 'F12', pattern: /\bcertif(?:y|ies) that\b/i, why: 'reads as a certificate', say: 'states that' },
  {
    id: 'F13',
    pattern: /non-?repudiation/i,
    why: 'a shared key cannot show which holder signed',
    say: 'integrity between the holders of the key',
  },
  {
    id: 'F14',
    pattern: /^(?:register of information|RoI filing)/i,
    scope: 'own_title',
    why: "the register is the financial entity's",
    say: 'provider annex to the register of information',
  },
  {
    id: 'F15',
    pattern: /^record of processing/i,
    scope: 'own_title',
    why: 'an incomplete record titled as complete misleads',
    say: 'draft record, n fields open',
  },
  {
    id: 'F16',
    pattern: /AICPA|SOC for Service Organizations/,
    scope: 'packet',
    why: 'marks are restricted',
    say: 'the criteria in plain text, with edition',
  },
];

/** Words that promise more than a record can hold; in sentences about controls none of them stands. */
export const AVOIDED_WORDS = /\b(?:ensures?|guarantees?|complies|proves?|always|never|fully|secure)\b/i;

/** @returns what a text claims that it may not */
export function claimsIn(text: string, where: 'packet' | 'own_title' | 'elsewhere'): string[] {
  return FORBIDDEN_CLAIMS.filter(({ scope, pattern }) => {
    if (scope === 'own_title' && where !== 'own_title') return false;
    if (scope === 'packet' && where === 'elsewhere') return false;
    return pattern.test(text);
  }).map(
    ({ id, why }) => `${id} (${why}): ${FORBIDDEN_CLAIMS.find((claim) => claim.id === id)?.pattern.exec(text)?.[0]}`,
  );
}
