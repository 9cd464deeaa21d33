import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { ask } from '../../../../api/call.ts';
import { sentenceOf } from '../../../../api/problem.ts';
import { packetQuery } from '../../../../api/queries.ts';
import { useOrganization } from '../../../../shell/organization.ts';
import { Button } from '../../../../ui/button.tsx';
import { Icon } from '../../../../ui/icons.tsx';
import { save } from '../../../../ui/save.ts';
import { tell } from '../../../../ui/toasts.tsx';

/** The signed JSON byte for byte, and the same to print. */
export function PacketDownloads({
  reportId,
  framework,
  size = 'normal',
}: {
  readonly reportId: string;
  readonly framework: string;
  readonly size?: 'small' | 'normal';
}) {
  const { id: orgId } = useOrganization();
  const queryClient = useQueryClient();
  const [busy, setBusy] = useState<'json' | 'pdf'>();
  const name = `evidence-packet-${framework}-${reportId}`;
  const take = async (form: 'json' | 'pdf'): Promise<void> => {
    if (form === 'json') {
      const { bytes } = await queryClient.fetchQuery(packetQuery(orgId, reportId));
      save(`${name}.json`, bytes);
      return;
    }
    const asked = { path: { orgId, reportId } };
    const response = await ask('get', '/organizations/{orgId}/compliance-reports/{reportId}/pdf', asked);
    save(`${name}.pdf`, await response.blob());
  };
  const download = (form: 'json' | 'pdf') => (): void => {
    setBusy(form);
    take(form)
      .catch((error: unknown) => tell(sentenceOf(error), 'failed'))
      .finally(() => setBusy(undefined));
  };
  return (
    <span className="inline-flex gap-1.5">
      <Button
        size={size}
        icon={<Icon name="download" className="size-3.5" />}
        busy={busy === 'json'}
        aria-label="Download signed JSON"
        onClick={download('json')}
      >
        JSON
      </Button>
      <Button
        size={size}
        icon={<Icon name="download" className="size-3.5" />}
        busy={busy === 'pdf'}
        aria-label="Download PDF"
        onClick={download('pdf')}
      >
        PDF
      </Button>
    </span>
  );
}
