import { EvidenceError } from '../evidence-error.ts';

/** Far beyond what a person or a mail server takes; thousands of services over years would come near it. */
const MOST_BYTES = 64 * 1024 * 1024;
/** The shortest span has more. */
const SPAN_BYTES = 180;

/** @throws {EvidenceError} `packet_too_large` */
export function insistOnPacketSize(bytes: number): void {
  if (bytes <= MOST_BYTES) return;
  throw new EvidenceError('packet_too_large', 'Ask for a shorter period: this packet would have more than 64 MiB.');
}

/**
 * Lets rows pass, each of them a span at least, so that evidence of which no packet can be made isn't all in memory before
 * that is found.
 *
 * @throws {EvidenceError} `packet_too_large`
 */
export async function* withinPacketSize<Row>(
  portions: AsyncIterable<readonly Row[]>,
): AsyncGenerator<readonly Row[], void> {
  let spans = 0;
  for await (const portion of portions) {
    spans += portion.length;
    insistOnPacketSize(spans * SPAN_BYTES);
    yield portion;
  }
}
