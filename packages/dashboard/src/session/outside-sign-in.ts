/**
 * Signing in at an outside identity provider leaves this page and comes back to it. What is kept meanwhile lies in the tab
 * alone: the binding, without which the code in the address is good for nothing, and where to go on to.
 */
const BINDING = 'veritrail.sign-in.binding';
const BACK = 'veritrail.sign-in.back';

export function leaveForProvider(back: string | undefined): void {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const binding = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  sessionStorage.setItem(BINDING, binding);
  if (back === undefined) sessionStorage.removeItem(BACK);
  else sessionStorage.setItem(BACK, back);
  location.assign(`/api/v1/auth/oidc/start?binding=${binding}`);
}

export type Returned =
  | { readonly code: string; readonly binding: string; readonly back: string | undefined }
  | { readonly problem: string };

/** What the address says after the #, which is taken out of it; once. */
export function takeReturn(): Returned | undefined {
  const said = new URLSearchParams(location.hash.slice(1));
  const [code, problem] = [said.get('oidc'), said.get('problem')];
  if (code === null && problem === null) return undefined;
  history.replaceState(history.state, '', location.pathname + location.search);
  const binding = sessionStorage.getItem(BINDING);
  const back = sessionStorage.getItem(BACK) ?? undefined;
  sessionStorage.removeItem(BINDING);
  sessionStorage.removeItem(BACK);
  if (problem !== null) return { problem };
  // A link that somebody else made, or one that was used.
  if (code === null || binding === null) return { problem: 'sign_in_expired' };
  return { code, binding, back };
}

/** An address can say anything, so only what is known is shown. */
const SENTENCES: Readonly<Record<string, string>> = {
  credentials_invalid: 'Ask an admin to add you with the e-mail address that your provider verified.',
  identity_provider_unavailable: 'Your identity provider does not answer. Try again in a moment, or use your password.',
  sign_in_cancelled: 'You left it at the identity provider. Begin again if you want to sign in.',
  sign_in_expired: 'Begin again: this sign-in was used, is too old, or another browser began it.',
  sign_in_not_offered: 'No identity provider is set up here. Sign in with your password.',
};

export function sentenceFor(problem: string): string {
  return SENTENCES[problem] ?? 'What the identity provider sent could not be accepted. Begin again.';
}
