import type { PreviousPacket } from './evidence.ts';
import type { ControlFinding } from './packet.ts';

/**
 * What the packet after this one has to answer for: its exceptions, and those of the packets before it of which it can't
 * say that they were closed. Without the latter, one that vanished would be forgotten by the second packet after it.
 *
 * @returns ids of controls, each once
 */
export function openExceptions(
  controls: readonly Pick<ControlFinding, 'control_id' | 'status'>[],
  previous: Pick<PreviousPacket, 'exceptions'> | undefined,
): string[] {
  const of = (status: ControlFinding['status']): string[] =>
    controls.filter((control) => control.status === status).map((control) => control.control_id);
  const carried = new Set(previous?.exceptions);
  return [...of('exception'), ...of('insufficient_evidence').filter((id) => carried.has(id))];
}
