import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import { chromium, type Browser, type BrowserContext, type Download, type Page } from 'playwright';
import { expect, inject } from 'vitest';

export const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 375, height: 812 } } as const;
export type Size = keyof typeof SIZES;
export type Colours = 'light' | 'dark';

export const scene = inject('scene');

let browser: Browser | undefined;

/** Somebody before a browser of their own: a fresh context, in which nothing may go wrong unseen. */
export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of scripts, refused by the policy included, and requests to anywhere else. */
  readonly complaints: string[];
  leave(): Promise<void>;
}

export async function visit(size: Size = 'wide', colours: Colours = 'light'): Promise<Visitor> {
  browser ??= await chromium.connect(scene.browser);
  const context = await browser.newContext({
    viewport: SIZES[size],
    colorScheme: colours,
    baseURL: scene.baseUrl,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'America/New_York',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`));
  page.on('console', (message) => {
    // A refusal that the page shows is no failure of it.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(message.text());
  });
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== scene.baseUrl && !['blob:', 'data:'].includes(protocol)) complaints.push(`asked ${request.url()}`);
  });
  return { page, context, complaints, leave: () => context.close() };
}

export async function signIn(page: Page, email = scene.ownerEmail, password = scene.ownerPassword): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/o\//);
}

/** A session without the sign-in page, for tests that are about something else. */
export async function enter(page: Page, path: string, token: string): Promise<void> {
  await page.addInitScript(
    (session) => {
      if (sessionStorage.getItem('veritrail.session') === null) sessionStorage.setItem('veritrail.session', session);
    },
    JSON.stringify({ token, expiresAt: Date.now() + 3_600_000 }),
  );
  await page.goto(path);
}

export const inDemo = (rest = ''): string => `/o/${scene.organizationId}${rest}`;

/** Everything that the page wanted to show is there. */
export async function settle(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await expect.poll(() => page.locator('.skeleton').count(), { timeout: 10_000 }).toBe(0);
  await page.evaluate(() => document.fonts.ready);
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe finds; best practices included. */
export async function barriers(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) {
    // Evaluated, not added as a script: the policy of the page lets none in.
    const { readFileSync } = await import('node:fs');
    await page.evaluate(readFileSync(AXE, 'utf8'));
  }
  const violations = await page.evaluate(async () => {
    const axe = (
      window as unknown as {
        axe: {
          run(
            options: object,
          ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
        };
      }
    ).axe;
    return (await axe.run({ resultTypes: ['violations'] })).violations;
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} (${node.failureSummary?.split('\n')[1]?.trim() ?? ''})`),
  );
}

export async function takePicture(page: Page, name: string, fullPage = true): Promise<void> {
  mkdirSync(scene.pictures, { recursive: true });
  await page.screenshot({ path: path.join(scene.pictures, `${name}.png`), fullPage, animations: 'disabled' });
}

/** Where a download is: the browser is another process, so it has to be asked for. */
export async function saved(download: Download): Promise<string> {
  const file = path.join(scene.pictures, 'downloads', download.suggestedFilename());
  await download.saveAs(file);
  return file;
}

/** Nothing may stand over the edge: what would make a phone scroll sideways. */
export async function overhang(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth));
}

/** Calls the API as the tests know it, without the dashboard. */
export async function api<T>(
  method: string,
  path: string,
  options: { readonly token?: string; readonly body?: unknown; readonly organization?: string } = {},
): Promise<{ readonly status: number; readonly json: T; readonly bytes: Buffer }> {
  const response = await fetch(new URL(path, scene.baseUrl), {
    method,
    headers: {
      ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }),
      ...(options.organization !== undefined && { 'x-organization-id': options.organization }),
      ...(options.body !== undefined && { 'content-type': 'application/json' }),
    },
    body: options.body === undefined ? null : JSON.stringify(options.body),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, bytes, json: (isJson ? JSON.parse(bytes.toString('utf8')) : undefined) as T };
}

export async function login(email = scene.ownerEmail, password = scene.ownerPassword): Promise<string> {
  const { json } = await api<{ access_token: string }>('POST', '/api/v1/auth/login', { body: { email, password } });
  return json.access_token;
}

let people = 0;

/** A member of the demo organization with that role, signed in. */
export async function makeMember(role: string): Promise<{ email: string; password: string; token: string }> {
  people += 1;
  const email = `${role}-${people}-${Date.now()}@nordlicht.example`;
  const password = `password of ${role} ${people}`;
  const body = { email, name: `${role[0]?.toUpperCase()}${role.slice(1)} ${people}`, role, password };
  const added = await api('POST', `/organizations/${scene.organizationId}/members`, { token: await login(), body });
  if (added.status !== 201) throw new Error(`no member was made: ${added.status}`);
  return { email, password, token: await login(email, password) };
}
