/**
 * Whether a path such as `services[*].tls_enabled` or `audit_log.entry_count` leads somewhere in the evidence: a name is
 * a member of an object, `[*]` every element of a list. Of an empty list everything resolves. The same as `resolves` in
 * docs/formats/evidence-packet-members.md.
 */
export function resolveRef(ref: string, evidence: unknown): boolean {
  let nodes: unknown[] = [evidence];
  for (const part of ref.replaceAll('[*]', '.*').split('.')) {
    const following: unknown[] = [];
    for (const node of nodes) {
      if (part === '*') {
        if (Array.isArray(node)) following.push(...(node as unknown[]));
      } else if (typeof node === 'object' && node !== null && !Array.isArray(node) && Object.hasOwn(node, part)) {
        following.push((node as Record<string, unknown>)[part]);
      } else {
        return false;
      }
    }
    nodes = following;
  }
  return true;
}
