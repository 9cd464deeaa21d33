import { afterAll, expect, it, vi } from 'vitest';

import { samplePacket, signSample } from '../../support/sample-packet.ts';

const TYPESETTER = '@myriaddreamin/typst-ts-node-compiler';

afterAll(() => {
  vi.doUnmock(TYPESETTER);
  vi.resetModules();
});

it('a platform that there is no typesetter for gets a code of its own', async () => {
  vi.resetModules();
  vi.doMock(TYPESETTER, () => {
    throw new Error('Cannot find native binding.');
  });
  const { renderPacketPdf } = await import('../../../src/evidence/pdf/render-packet-pdf.ts');
  const { bytes, key } = signSample(samplePacket());
  await expect(renderPacketPdf(bytes, key)).rejects.toMatchObject({
    code: 'pdf_unavailable',
    message: 'PDFs can not be made on this platform; read the signed JSON instead.',
  });
});
