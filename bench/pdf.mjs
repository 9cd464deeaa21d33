import { register } from 'tsx/esm/api';

import { createPdfRenderer } from '../packages/server/dist/evidence/pdf/create-pdf-renderer.js';
import { interleaved, ratios, spread } from './support/measure.mjs';

export const title = 'A packet of 500 services over a year as PDF';

const ROUNDS = 7;
const SIZES = { small: { services: 12, days: 31 }, large: { services: 500, days: 365, failingListed: 100 } };

export async function run(tell) {
  // The packet's invented facts are those of the tests, which are TypeScript.
  const unregister = register();
  const { samplePacket, signSample } = await import('../packages/server/test/support/sample-packet.ts');
  await unregister();
  const packets = {
    small: signSample(samplePacket(SIZES.small)),
    large: signSample(samplePacket(SIZES.large)),
    'large, DORA': signSample(samplePacket({ ...SIZES.large, framework: 'dora' })),
  };
  const variants = [...Object.keys(packets), 'small, new process'];
  const renderer = createPdfRenderer();
  try {
    tell(`${ROUNDS} rounds of ${variants.length} renderings`);
    const bytes = {};
    const results = await interleaved(variants, { rounds: ROUNDS }, async (variant) => {
      const { bytes: signed, key } = packets[variant.split(', new')[0]];
      const own = variant.endsWith('new process') ? createPdfRenderer() : renderer;
      const begun = performance.now();
      const pdf = await own.render(signed, key);
      const elapsed = performance.now() - begun;
      if (own !== renderer) await own.stop();
      bytes[variant] = { signed: signed.length, pdf: pdf.length };
      return elapsed;
    });
    return {
      figures: [
        { figure: 'a packet of 500 services over a year', ...inSeconds(results.large), unit: 's', atMost: 3 },
        { figure: 'the same for DORA, with its annex', ...inSeconds(results['large, DORA']), unit: 's' },
        { figure: 'a packet of 12 services over a month', ...inSeconds(results.small), unit: 's' },
        { figure: 'the same, the first of its process', ...inSeconds(results['small, new process']), unit: 's' },
        { figure: '500 services over a year, of 12 over a month', ...ratios(results.large, results.small) },
      ],
      scale: variants.map((variant) => ({ variant, ...bytes[variant] })),
      notes: ['Through the renderer, with the copies to its process and back.'],
    };
  } finally {
    await renderer.stop();
  }
}

function inSeconds(milliseconds) {
  const { value, low, high } = spread(milliseconds.map((one) => one / 1000));
  return { value, low, high };
}
