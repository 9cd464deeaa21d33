import { decodeBase64 } from '@veritrail/formats';
import { useQuery } from '@tanstack/react-query';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

import { signingKeysQuery } from '../../../../api/queries.ts';
import { useTitle } from '../../../../shell/use-title.ts';
import { Badge } from '../../../../ui/badge.tsx';
import { Copyable } from '../../../../ui/copyable.tsx';
import { count } from '../../../../ui/format.ts';
import { Loaded } from '../../../../ui/loaded.tsx';
import { PageHeader, Panel } from '../../../../ui/panel.tsx';
import { Empty, Skeleton } from '../../../../ui/states.tsx';
import { Table } from '../../../../ui/table.tsx';
import { Time } from '../../../../ui/time.tsx';

export function SigningKeys() {
  useTitle('Signing keys');
  const query = useQuery(signingKeysQuery());
  return (
    <>
      <PageHeader
        title="Signing keys"
        lead="Evidence packets of this server are signed with these. Anybody can read them at /.well-known/compliance-signing-keys; give auditors the fingerprint by another way too. Whoever runs the server rotates them."
      />
      <Loaded query={query} skeleton={<Skeleton lines={4} className="h-9" />}>
        {(keys) => (
          <Panel
            title={count(keys.length, 'key')}
            hint="Newest first. A retired key signs no more and verifies for ever."
            flush
          >
            {keys.length === 0 ? (
              <Empty title="There is no signing key">Packets can not be generated. Ask whoever runs the server.</Empty>
            ) : (
              <Table
                caption="Signing keys"
                rows={keys}
                keyOf={(key) => key.key_id}
                columns={[
                  { name: 'Key id', main: true, cell: (key) => <Copyable text={key.key_id} label="key id" /> },
                  {
                    name: 'State',
                    cell: (key) => (key.active ? <Badge tone="ok">Signs packets</Badge> : <Badge>Retired</Badge>),
                  },
                  { name: 'Made', cell: (key) => <Time at={key.created_at} /> },
                  { name: 'Retired', cell: (key) => (key.retired_at === null ? '–' : <Time at={key.retired_at} />) },
                  {
                    name: 'Fingerprint (SHA-256)',
                    cell: (key) => (
                      <Copyable text={fingerprintOf(key.public_key)} label={`fingerprint of ${key.key_id}`} />
                    ),
                  },
                ]}
              />
            )}
          </Panel>
        )}
      </Loaded>
    </>
  );
}

function fingerprintOf(publicKey: string): string {
  const raw = decodeBase64(publicKey);
  return raw === undefined ? 'not readable' : bytesToHex(sha256(raw));
}
