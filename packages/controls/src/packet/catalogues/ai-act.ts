import type { JudgeContext, PacketCatalogue } from '../rule.ts';
import { AI_ACT_ENTRIES } from './ai-act-entries.ts';
import { aiGate, APPLICATION_DATES, pendingDate } from './ai-act-gates.ts';
import { controlsOf } from './framework-entry.ts';

/** What a platform that hosts an AI system's stores has records on. Hosting a database makes nobody a party under the Act. */
export const aiActPacket: PacketCatalogue = {
  id: 'eu-ai-act-2024-1689',
  version: '1-packet.2',
  name: 'Regulation (EU) 2024/1689 (AI Act), as amended by Regulation (EU) 2026/1744',
  title: (context) => {
    const pending = pendingDate(context);
    return pending === undefined
      ? 'Evidence packet, EU AI Act, duties for high-risk systems'
      : `Readiness, EU AI Act, duties for high-risk systems (in application from ${pending.from})`;
  },
  applicationDates: APPLICATION_DATES,
  pending: pendingDate,
  controls: controlsOf(AI_ACT_ENTRIES, aiGate({ highRisk: false })),
  notCovered: [
    { id: 'Art. 9', title: 'Risk management system', why: 'a process, which no platform record shows' },
    {
      id: 'Art. 12(3)',
      title: 'Least content of the logs of remote biometric identification',
      why: "the content of the system's own log, which is not read",
    },
    { id: 'Art. 13(3)(f)', title: 'Instructions on how to collect and store the logs', why: 'documents' },
    { id: 'Art. 14', title: 'Human oversight', why: 'conduct of people, which no platform record shows' },
    {
      id: 'Art. 17(1)(f), 17(1)(k)',
      title: 'Quality management: data management and record keeping',
      why: 'procedures; the retention settings are in the evidence',
    },
    {
      id: 'Art. 26(1), 26(5)',
      title: 'Deployer: use as instructed, monitoring, informing the provider',
      why: 'conduct of people, which no platform record shows',
    },
    {
      id: 'Art. 27',
      title: 'Assessment of the impact on fundamental rights',
      why: 'a process, which no platform record shows',
    },
  ],
  statements: (context) => [
    {
      id: 'A1',
      text:
        "The logs of Articles 12, 19 and 26(6) are events that the AI system itself records. This platform's audit trail is " +
        'not that log: its records speak of where such logs are kept, how far back they reach, and how they are protected.',
    },
    { id: 'A2', text: dates(context) },
    {
      id: 'A3',
      text:
        'Hosting a database makes the operator no party under the Act. Roles, systems and their classes are the word of the ' +
        'person who declared them.',
    },
  ],
};

function dates(context: JudgeContext): string {
  const list = APPLICATION_DATES.map((date) => {
    const was = 'was' in date ? ` (before the amendment: ${date.was})` : '';
    return `${date.what}: ${date.from}${was}`;
  }).join('; ');
  const pending = pendingDate(context);
  const now =
    pending === undefined
      ? ''
      : ` ${pending.what} come into application on ${pending.from}: what is said here before that day is readiness.`;
  return (
    `Dates of application: ${list}. Systems that were on the market before come under it only with a significant change of ` +
    `their design (Article 111(2)).${now}`
  );
}
