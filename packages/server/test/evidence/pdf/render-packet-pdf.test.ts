import { spawnSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { renderPacketPdf } from '../../../src/evidence/pdf/render-packet-pdf.ts';
import { EVERY_SCRIPT, INJECTIONS } from '../../support/odd-names.ts';
import { readPdf } from '../../support/read-pdf.ts';
import { samplePacket, signSample, type SampleWishes } from '../../support/sample-packet.ts';

async function render(wishes: SampleWishes = {}) {
  const { bytes, key } = signSample(samplePacket(wishes));
  return { bytes, key, pdf: await renderPacketPdf(bytes, key) };
}

/** Poppler's, where it is installed. */
function textOf(pdf: Buffer): string | undefined {
  const { stdout, error } = spawnSync('pdftotext', ['-layout', '-', '-'], { input: pdf, maxBuffer: 64 << 20 });
  return error === undefined ? stdout.toString('utf8').replaceAll('\u200b', '') : undefined;
}

describe('a packet as PDF', () => {
  it('holds the signed file byte for byte', async () => {
    const { bytes, pdf } = await render();
    expect(readPdf(pdf).attachment().equals(bytes)).toBe(true);
    expect(readPdf(pdf).text).toMatch(/\/AFRelationship \/Source/);
    expect(readPdf(pdf).text).toContain('evidence-packet.json');
    expect(readPdf(pdf).text).toMatch(/\/Subtype \/application#2[fF]json/);
  });

  it('says that it is tagged and PDF/A-3, level A, dated by the packet', async () => {
    const { pdf } = await render();
    const metadata = readPdf(pdf).metadata();
    expect(metadata).toContain('<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>');
    expect(metadata).toContain('<xmp:CreateDate>2026-06-22T10:05:12Z</xmp:CreateDate>');
    expect(metadata).toContain('Evidence packet, SOC 2 criteria');
    expect(readPdf(pdf).text).toMatch(/\/MarkInfo\s*<<\s*\/Marked true/);
    expect(readPdf(pdf).text).toContain('/StructTreeRoot');
    expect(readPdf(pdf).text).not.toContain('/Type /Font /Subtype /Type1');
  });

  it('is the same for the same bytes, and another for another key', async () => {
    const { bytes, key, pdf } = await render();
    expect((await renderPacketPdf(bytes, key)).equals(pdf)).toBe(true);
    const other = await renderPacketPdf(bytes, { ...key, fingerprint: 'ab'.repeat(32) });
    expect(other.equals(pdf)).toBe(false);
  });

  it.each(['soc2', 'gdpr_ropa', 'dora', 'eu_ai_act'] as const)('is made for %s', async (framework) => {
    const { pdf, bytes, key } = await render({ framework });
    expect(readPdf(pdf).pages).toBeGreaterThan(10);
    const text = textOf(pdf);
    if (text === undefined) return;
    const { report_id } = JSON.parse(bytes.toString()) as { report_id: string };
    const pages = readPdf(pdf).pages;
    for (let page = 1; page <= pages; page++) expect(text).toContain(`Page ${page} of ${pages}`);
    expect(text.split(report_id).length - 1).toBeGreaterThanOrEqual(pages);
    expect(text).toContain(key.fingerprint.slice(0, 4));
    expect(text.includes('Provider annex')).toBe(framework === 'dora');
  });

  it('sets every script, and shows what it has no glyph for', async () => {
    const { pdf } = await render({ services: EVERY_SCRIPT.length, serviceName: (index) => EVERY_SCRIPT[index]! });
    expect(readPdf(pdf).attachment().toString()).toContain(EVERY_SCRIPT[3]);
    const text = textOf(pdf);
    if (text === undefined) return;
    for (const word of ['čeština', 'Ωμέγα', 'Київ', '订单数据库', '데이터베이스', '[U+1F1EB]'])
      expect(text).toContain(word);
  });

  it('takes what tenants write as text, whatever it is', async () => {
    const { pdf, bytes } = await render({
      services: INJECTIONS.length,
      serviceName: (index) => INJECTIONS[index]!,
      organization: INJECTIONS.join(' '),
      operator: INJECTIONS[0]!,
      title: `${INJECTIONS[3]} ${INJECTIONS[4]}`,
    });
    const read = readPdf(pdf);
    expect(read.attachment().equals(bytes)).toBe(true);
    // Links lead to pages of the document itself.
    expect(read.actions().filter((kind) => kind !== 'GoTo')).toEqual([]);
    expect(read.structure).not.toMatch(/\/(JavaScript|JS|OpenAction|AA|Launch)\b/);
    const text = textOf(pdf);
    if (text === undefined) return;
    expect(text).toContain('#eval("1+1")');
    expect(text).toContain('<script>');
  });

  it('refuses what is not a packet with a code of its own', async () => {
    const { key } = signSample(samplePacket());
    await expect(renderPacketPdf(Buffer.from('{'), key)).rejects.toMatchObject({ code: 'pdf_failed' });
    await expect(renderPacketPdf(Buffer.from('{}'), key)).rejects.toMatchObject({ code: 'pdf_failed' });
  });
});
