import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/states.tsx';

/** A page that broke; the server may have a newer build than this tab. */
export function PageFailed() {
  return (
    <div role="alert">
      <Empty title="This page could not be shown" action={<Button onClick={() => location.reload()}>Reload</Button>}>
        Reload it. If that does not help, tell whoever runs this server.
      </Empty>
    </div>
  );
}
