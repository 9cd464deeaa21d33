import { FRAMEWORK_IDS, type Framework } from '@veritrail/formats';

import { ConfigurationError } from '../configuration-error.ts';

/** Cents a month. */
export type PacketPrices = Readonly<Record<Framework, number>>;

export const STANDARD_PRICES = 'soc2=49,gdpr_ropa=29,dora=39,eu_ai_act=29';

/**
 * Reads PACKET_PRICES_EUR: `framework=euros` with at most two decimals, separated by commas. A framework that isn't named
 * has its standard price.
 *
 * @throws {ConfigurationError}
 */
export function readPacketPrices(text: string | undefined): PacketPrices {
  return { ...prices(STANDARD_PRICES), ...prices(text ?? '') } as PacketPrices;
}

function prices(text: string): Partial<Record<Framework, number>> {
  const amounts = readByFramework('PACKET_PRICES_EUR', text);
  return Object.fromEntries(
    [...amounts].map(([framework, amount]) => {
      const [, euros = '', decimals = ''] = /^(\d{1,6})(?:\.(\d{1,2}))?$/.exec(amount) ?? [];
      if (euros === '') {
        throw new ConfigurationError(
          'PACKET_PRICES_EUR',
          `put euros with at most two decimals behind ${framework}=, such as 49 or 49.50.`,
        );
      }
      return [framework, Number(euros) * 100 + Number(decimals.padEnd(2, '0'))];
    }),
  );
}

/** Reads `framework=value` pairs, separated by commas, each framework at most once. @throws {ConfigurationError} */
export function readByFramework(setting: string, text: string): Map<Framework, string> {
  const found = new Map<Framework, string>();
  for (const part of text.split(',').map((one) => one.trim())) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const framework = FRAMEWORK_IDS.find((id) => id === part.slice(0, at).trim());
    if (framework === undefined) {
      throw new ConfigurationError(setting, `begin each part with one of ${FRAMEWORK_IDS.join(', ')} and an =.`);
    }
    if (found.has(framework)) throw new ConfigurationError(setting, `name ${framework} once.`);
    found.set(framework, part.slice(at + 1).trim());
  }
  return found;
}
