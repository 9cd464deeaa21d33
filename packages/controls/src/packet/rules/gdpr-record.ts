import { adequacyOf } from '@veritrail/formats';

import type { Party } from '../declarations.ts';
import { rolesAtEnd } from '../membership.ts';
import type { NamedRule } from '../rule.ts';
import { quoted } from '../text.ts';
import { heldWithin } from '../declared.ts';
import { atPeriodEnd, isBlank, namedRule, whyNone } from './declared-records.ts';
import { servicesOf } from './each-service.ts';
import { placesOf, thirdCountriesOf } from './places.ts';
import { Findings, serviceItem, type ItemFindings } from './tally.ts';

/** Article 30(2)(a): an item for each part of the record that names somebody. */
export function partiesNamed(): NamedRule {
  return namedRule('parties_named', {}, (context) => {
    const found = new Findings();
    const record = atPeriodEnd(context, 'ropa_parties').at(-1)?.data;
    const processor = found.item('processor', 'the processor');
    const controllers = found.item('controllers', 'the controllers');
    const representative = found.item('representative', 'the representative');
    const officer = found.item('officer', 'the data protection officer');
    if (record === undefined) {
      const reason = whyNone(context, 'ropa_parties');
      for (const item of [processor, controllers, representative, officer]) {
        item.leavesOpen('a declared name and contact', reason);
      }
      return found;
    }
    found.bases.add('declared');
    const check = (item: ItemFindings, party: Party): void => {
      if (isBlank(party.name) || isBlank(party.contact)) item.leavesOpen('a declared name and contact');
    };
    check(processor, record.processor);
    if (record.tenant_role === 'controller' && sameName(record.processor.name, context.head.organization.name)) {
      processor.fails('named as the organization that the same record calls the controller');
    }
    if (record.tenant_role !== 'controller' && record.controllers.length === 0) {
      controllers.leavesOpen('a declared name and contact');
    }
    for (const controller of record.controllers) check(controllers, controller);
    // Null says that none is required, which the declaring person answers for.
    if (record.representative !== null) check(representative, record.representative);
    if (record.dpo !== null) check(officer, record.dpo);
    return found;
  });
}

function sameName(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

/** Article 30(2)(b): a declared line for each service that is there at the period's end, and no line without one. */
export function processingDescribed(): NamedRule {
  return namedRule('processing_described', {}, (context) => {
    const found = new Findings();
    found.bases.add('observed');
    const lines = atPeriodEnd(context, 'ropa_processing');
    if (lines.length > 0) found.bases.add('declared');
    const described = new Set(lines.map(({ data }) => data.service_id));
    for (const service of servicesOf(context, 'point')) {
      const item = found.item(service.service_id, serviceItem(service));
      if (described.has(service.service_id)) continue;
      // A record that nobody began is open; one that leaves a service out says something that isn't so.
      if (lines.length === 0) item.leavesOpen('the line of the record', whyNone(context, 'ropa_processing'));
      else item.fails('in use without a line in the record', service.created_at);
    }
    if (found.population === 0) found.lacks('at least one service at the end of the period', 'vacuous_scope');
    const known = new Set(context.evidence.services.map(({ service_id }) => service_id));
    for (const { record_id, data, declared_at } of lines) {
      if (known.has(data.service_id)) continue;
      const item = found.item(`line ${record_id}`, `line ${quoted(record_id)}`);
      item.fails(`describes service ${quoted(data.service_id)}, which did not exist in the period`, declared_at);
    }
    return found;
  });
}

/**
 * Article 30(2)(c): each third country in which data was recorded, or from which it can be reached, is listed with a
 * mechanism that can hold for it: at the period's end, or while it was seen. Whether it does hold is for people to say.
 */
export function transfersListed(): NamedRule {
  return namedRule('transfers_listed', {}, (context) => {
    const found = new Findings();
    const places = placesOf(context);
    for (const { what, reason } of places.open) found.lacks(what, reason);
    if (places.seen.size > 0) found.bases.add('derived').add('declared');
    const { period_end: end } = context.head;
    for (const [country, seen] of thirdCountriesOf(places)) {
      const item = found.item(country, `country ${country} (${seen.where})`);
      // A transfer that is over needn't stay on the list.
      const within = seen.to >= end ? { from: end, to: end } : seen;
      const entries = heldWithin(context.evidence.declarations.third_country_transfer, within).filter(
        ({ data }) => data.country === country,
      );
      if (entries.length === 0) item.fails('not listed with a recipient and a mechanism');
      for (const { data } of entries) {
        if (data.mechanism !== '45') {
          if (isBlank(data.safeguards)) item.leavesOpen(`the safeguards by Article ${data.mechanism}`);
        } else if (adequacyOf(country, context.head.period_end) === undefined) {
          item.fails('Article 45 is named, and no adequacy decision for it is in force');
        }
      }
    }
    return found;
  });
}

/** Article 30(3) and the like: the record exists as such, in electronic form, once somebody began it. */
export function recordBegun(): NamedRule {
  return namedRule('record_begun', {}, (context) => {
    const found = new Findings();
    const item = found.item('record', 'the record');
    if (atPeriodEnd(context, 'ropa_parties').length === 0) {
      item.leavesOpen('the declared parties', whyNone(context, 'ropa_parties'));
    } else found.bases.add('declared');
    return found;
  });
}

/** The organizational part of a description of security measures, which records can't write. */
export function measuresDescribed(): NamedRule {
  return namedRule('measures_described', {}, (context) => {
    const found = new Findings();
    if (atPeriodEnd(context, 'security_measures').every(({ data }) => isBlank(data.text))) {
      return found.lacks(
        'a declared description of the organizational measures',
        whyNone(context, 'security_measures'),
      );
    }
    found.bases.add('declared');
    return found;
  });
}

/** Who can act in the organization, as of the packet's making; an item for each. */
export function accountsListed(): NamedRule {
  return namedRule('accounts_listed', {}, (context) => {
    const found = new Findings();
    for (const { actor_id: id, kind } of rolesAtEnd(context)) {
      found.item(id, `account ${id} (${kind === 'user' ? 'user' : 'API key'})`);
      found.bases.add('observed');
    }
    if (found.population === 0) found.lacks('the accounts that can act', 'vacuous_scope');
    return found;
  });
}

/** The packet as the one item, where a criterion asks for what only conduct shows. */
export function packetItself(): NamedRule {
  return namedRule('packet_itself', {}, () => {
    const found = new Findings();
    found.item('packet', 'this packet');
    return found;
  });
}
