import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { api, scene } from './support/visitor.ts';
import { typesOf } from './write-types.ts';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const MOST_BYTES = 300_000;

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
}

const manifest = JSON.parse(readFileSync(path.join(DIST, 'manifest.json'), 'utf8')) as Record<string, Chunk>;

/** A chunk and everything that has to be there before it runs. */
function needed(entry: string, found = new Set<string>()): Set<string> {
  const chunk = manifest[entry];
  if (chunk === undefined || found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const one of chunk.imports ?? []) needed(one, found);
  return found;
}

const pages = Object.keys(manifest).filter((name) => name.startsWith('src/pages/') && name.endsWith('.tsx'));

describe('the build', () => {
  it.each(pages)('%s as the first view needs less than 300 kB of script, gzipped', (page) => {
    const files = [...new Set([...needed('index.html'), ...needed(page)])].filter((file) => file.endsWith('.js'));
    const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(path.join(DIST, file))).length, 0);
    expect(bytes).toBeLessThan(MOST_BYTES);
  });

  it('has no script and no style in the page itself, and nothing from elsewhere', () => {
    const html = readFileSync(path.join(DIST, 'index.html'), 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=/);
    const addresses = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
    expect(addresses.length).toBeGreaterThan(2);
    expect(addresses.filter((address) => !/^\/assets\/[\w$-]+\.(?:js|css|svg)$/.test(address ?? ''))).toEqual([]);
  });

  it('names no other origin in what browsers load', () => {
    for (const name of readdirSync(path.join(DIST, 'assets')).filter((file) => file.endsWith('.css'))) {
      expect(readFileSync(path.join(DIST, 'assets', name), 'utf8')).not.toMatch(/url\(["']?(?:https?:)?\/\//);
    }
  });
});

describe('the server', () => {
  it.each(['/', '/sign-in', '/verify', '/o/x/audit', '/o/x/records/services/y'])(
    'answers a browser at %s with the page, kept by no cache',
    async (address) => {
      const response = await fetch(scene.baseUrl + address, { headers: { accept: 'text/html' } });
      expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(response.headers.get('content-security-policy')).toContain("script-src 'self'; style-src 'self'");
      expect(await response.text()).toContain('<div id="root">');
    },
  );

  it('answers a browser that is lost with the page, and says 404', async () => {
    const response = await fetch(`${scene.baseUrl}/no/such/page`, { headers: { accept: 'text/html,*/*' } });
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
  });

  it.each([
    ['/no/such/page', '*/*'],
    ['/o/x/audit', 'application/json'],
    ['/api/v1/no/such', 'text/html'],
    ['/organizations/x/y/z', 'text/html'],
    ['/assets/none.js', 'text/html'],
    ['/assets/../index.html', '*/*'],
  ])('answers %s, asked for %s, with a problem', async (address, accept) => {
    const response = await fetch(scene.baseUrl + address, { headers: { accept } });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
  });

  it('lets assets be kept for ever, compressed or not, with the same content', async () => {
    const [entry = ''] = needed('index.html');
    const ask = (encoding: string) => fetch(`${scene.baseUrl}/${entry}`, { headers: { 'accept-encoding': encoding } });
    const [zipped, plain] = [await ask('gzip'), await ask('identity')];
    expect(zipped.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect([zipped.headers.get('content-encoding'), plain.headers.get('content-encoding')]).toEqual(['gzip', null]);
    expect(await zipped.text()).toBe(await plain.text());
  });
});

it('the types of the API are those of the server’s document', async () => {
  const { json } = await api<object>('GET', '/openapi.json');
  await expect(await typesOf(json)).toMatchFileSnapshot('../src/api/schema.d.ts');
});
