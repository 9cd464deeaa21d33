import { Button } from '../../../ui/button.tsx';
import { useCopy } from '../../../ui/copyable.tsx';
import { Icon } from '../../../ui/icons.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { save } from '../../../ui/save.ts';

export function RecoveryCodes({ codes }: { readonly codes: readonly string[] }) {
  const text = codes.join('\n');
  const [copied, copy] = useCopy(text);
  const download = (): void => {
    const lines = [
      'Recovery codes for Veritrail. Each signs you in once, in place of a code of your app.',
      '',
      text,
      '',
    ];
    save('veritrail-recovery-codes.txt', new Blob([lines.join('\n')], { type: 'text/plain' }));
  };
  return (
    <div className="flex flex-col gap-4">
      <Notice tone="warn" title="They are shown this once">
        Keep them where you find them without your phone. Each signs you in once.
      </Notice>
      <ol className="grid gap-x-6 gap-y-1.5 rounded-md border border-line bg-sunken px-4 py-3 font-mono text-sm sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="flex flex-wrap gap-2">
        <Button icon={<Icon name={copied ? 'check' : 'copy'} />} onClick={copy}>
          {copied ? 'Copied' : 'Copy'}
        </Button>
        <Button icon={<Icon name="download" />} onClick={download}>
          Download
        </Button>
      </div>
    </div>
  );
}
