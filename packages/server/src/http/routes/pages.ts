import { PROBLEMS } from '../problem-codes.ts';
import type { Door } from '../door.ts';

/** Plain pages, which need no build and no other host. */
export function pageRoutes(door: Door): void {
  const show = (path: string, body: string, type = 'text/html; charset=utf-8'): void => {
    door.get(path, { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
      reply.type(type).send(body),
    );
  };
  show('/docs/problems', problemsPage());
  show('/assets/page.css', STYLE, 'text/css; charset=utf-8');
  show('/assets/invitation.js', INVITATION_SCRIPT, 'text/javascript; charset=utf-8');
  show('/robots.txt', 'User-agent: *\nDisallow: /\n', 'text/plain; charset=utf-8');
}

function page(title: string, main: string, script = ''): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/page.css">
${script}</head>
<body>
<main>
${main}
</main>
</body>
</html>
`;
}

export const LANDING = page(
  'Veritrail',
  `<h1>Veritrail</h1>
<p>This server keeps records of services and of what happens in them, and answers with documents that a stranger can check.</p>
<ul>
<li><a href="/docs/">API reference</a>, also as <a href="/openapi.json">OpenAPI 3.1</a></li>
<li><a href="/docs/problems">What each refusal means</a></li>
<li><a href="/readyz">Readiness</a> and <a href="/metrics">metrics</a></li>
</ul>`,
);

export const INVITATION = page(
  'Your invitation – Veritrail',
  `<h1>Your invitation</h1>
<form id="invitation">
<p>Choose a password of at least 12 characters. If you have an account here already, give its password instead: it stays as it is.</p>
<p><label for="password">Password</label><input id="password" name="password" type="password" autocomplete="new-password" minlength="12" maxlength="1024" required></p>
<p><button type="submit">Accept the invitation</button></p>
<p id="answer" role="status"></p>
</form>
<noscript><p>This page needs JavaScript, so that the token in its address never reaches a log.</p></noscript>`,
  '<script src="/assets/invitation.js" defer></script>\n',
);

const INVITATION_SCRIPT = `'use strict';
const form = document.getElementById('invitation');
const answer = document.getElementById('answer');
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  answer.textContent = 'One moment\\u2026';
  try {
    const response = await fetch('/api/v1/auth/invitations', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: location.hash.slice(1), password: form.password.value }),
    });
    if (response.status === 204) {
      history.replaceState(null, '', location.pathname);
      form.reset();
      answer.textContent = 'Welcome. You can sign in with your e-mail address and this password now.';
    } else {
      answer.textContent = (await response.json()).detail;
    }
  } catch {
    answer.textContent = 'The server did not answer; try again in a moment.';
  }
});
`;

const STYLE = `:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1rem; }
label { display: block; font-weight: 600; margin-bottom: .25rem; }
input { font: inherit; padding: .5rem; width: 100%; max-width: 24rem; box-sizing: border-box; }
button { font: inherit; padding: .5rem 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .375rem .75rem .375rem 0; border-bottom: 1px solid #8886; vertical-align: top; }
code { overflow-wrap: anywhere; }
`;

function problemsPage(): string {
  const rows = Object.entries(PROBLEMS)
    .filter(([code, { status }]) => status !== 500 || code === 'internal')
    .sort(([a, one], [b, other]) => one.status - other.status || a.localeCompare(b))
    .map(
      ([code, { status, title }]) =>
        `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${title}</td></tr>`,
    );
  return page(
    'Refusals – Veritrail',
    `<h1>Refusals</h1>
<p>Each refusal is <code>application/problem+json</code> (RFC 9457): <code>type</code> ends in one of these codes, <code>detail</code> says in one sentence what to do.</p>
<table>
<thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">Title</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`,
  );
}
