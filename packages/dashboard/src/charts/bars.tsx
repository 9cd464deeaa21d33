import { scaleLinear } from '@visx/scale';
import { useId, useRef, useState, type PointerEvent } from 'react';

import { number } from '../ui/format.ts';
import { useWidth } from './use-width.ts';

export interface Bar {
  /** Where the bar begins on the axis of time, in milliseconds since the Unix epoch. */
  readonly at: number;
  readonly parts: readonly { readonly name: string; readonly value: number; readonly className: string }[];
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

const LEFT = 44;
const BOTTOM = 22;
const TOP = 8;

/**
 * Counts over time. With `onSelect`, a span of it can be taken with the pointer; whoever has none types the dates, so
 * nothing depends on it. The summary tells in words what the bars show.
 */
export function Bars({
  bars,
  start,
  end,
  unitMs,
  height = 150,
  summary,
  label,
  onSelect,
}: {
  readonly bars: readonly Bar[];
  readonly start: number;
  readonly end: number;
  /** How long a bar's unit of time is. */
  readonly unitMs: number;
  readonly height?: number;
  readonly summary: string;
  /** What stands in the bubble for a bar. */
  readonly label: (bar: Bar) => string;
  readonly onSelect?: (span: Span) => void;
}) {
  const [frame, width] = useWidth();
  const [hover, setHover] = useState<Bar>();
  const [drag, setDrag] = useState<Span>();
  const dragFrom = useRef<number>(undefined);
  const clip = useId();
  const inner = Math.max(width - LEFT - 4, 1);
  const most = Math.max(1, ...bars.map((bar) => bar.parts.reduce((sum, part) => sum + part.value, 0)));
  const y = scaleLinear<number>({ domain: [0, most], range: [height - BOTTOM, TOP], nice: 3 });
  const x = scaleLinear<number>({ domain: [start, end], range: [LEFT, LEFT + inner] });
  const units = Math.max((end - start) / unitMs, 1);
  const gap = inner / units > 4 ? 1 : 0;
  const barWidth = Math.max(inner / units - gap, 1);

  const timeAt = (event: PointerEvent<SVGSVGElement>): number => {
    const { left } = event.currentTarget.getBoundingClientRect();
    return Math.min(Math.max(x.invert(event.clientX - left), start), end);
  };
  const unitAt = (time: number): number => start + Math.floor((time - start) / unitMs) * unitMs;
  const move = (event: PointerEvent<SVGSVGElement>): void => {
    const time = timeAt(event);
    const unit = unitAt(time);
    setHover(bars.find((bar) => bar.at >= unit && bar.at < unit + unitMs));
    if (dragFrom.current === undefined) return;
    const [one, other] = [unitAt(Math.min(time, dragFrom.current)), unitAt(Math.max(time, dragFrom.current)) + unitMs];
    setDrag({ from: one, to: Math.min(other, end) });
  };
  const finish = (): void => {
    const taken = drag;
    dragFrom.current = undefined;
    setDrag(undefined);
    if (taken !== undefined) onSelect?.(taken);
  };

  return (
    <div ref={frame} className="relative">
      {/* As high as it will be, before the width is known. */}
      <svg
        role="img"
        aria-label={summary}
        width={width}
        height={height}
        className={`block touch-pan-y ${onSelect === undefined ? '' : 'cursor-crosshair select-none'}`}
        onPointerMove={move}
        onPointerLeave={() => setHover(undefined)}
        onPointerDown={(event) => {
          if (onSelect === undefined || event.button !== 0) return;
          dragFrom.current = timeAt(event);
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerUp={finish}
        onPointerCancel={() => {
          dragFrom.current = undefined;
          setDrag(undefined);
        }}
      >
        <clipPath id={clip}>
          <rect x={LEFT} y={0} width={inner} height={height} />
        </clipPath>
        {y.ticks(3).map((tick) => (
          <g key={tick}>
            <line x1={LEFT} x2={LEFT + inner} y1={y(tick)} y2={y(tick)} className="stroke-line" />
            <text x={LEFT - 6} y={y(tick)} dy="0.32em" textAnchor="end" className="tabular fill-ink-3 text-2xs">
              {short(tick)}
            </text>
          </g>
        ))}
        <g clipPath={`url(#${clip})`}>
          {bars.map((bar) => {
            let base = 0;
            return (
              <g key={bar.at} className={hover !== undefined && hover !== bar ? 'opacity-60' : ''}>
                {bar.parts.map((part) => {
                  const top = y(base + part.value);
                  const bottom = y(base);
                  base += part.value;
                  // What is there is seen, however little of the whole it is.
                  const tall = part.value > 0 ? Math.max(bottom - top, 1.5) : 0;
                  return (
                    <rect
                      key={part.name}
                      x={x(bar.at)}
                      y={bottom - tall}
                      width={barWidth}
                      height={tall}
                      className={part.className}
                    />
                  );
                })}
              </g>
            );
          })}
        </g>
        {drag !== undefined && (
          <rect
            x={x(drag.from)}
            y={0}
            width={Math.max(x(drag.to) - x(drag.from), 1)}
            height={height - BOTTOM}
            className="fill-accent/15 stroke-accent"
          />
        )}
        {ticksOf(start, end, inner).map(({ at, name }) => (
          <text
            key={at}
            x={x(at)}
            y={height - 6}
            textAnchor={anchorOf(x(at), LEFT, LEFT + inner)}
            className="fill-ink-3 text-2xs"
          >
            {name}
          </text>
        ))}
      </svg>
      {hover !== undefined && drag === undefined && (
        <div
          aria-hidden="true"
          className="pointer-events-none absolute -top-1 z-10 rounded border border-line bg-surface px-2 py-1 text-xs whitespace-nowrap shadow-lg"
          style={{ left: Math.min(Math.max(x(hover.at) - 70, 0), Math.max(width - 200, 0)) }}
        >
          {label(hover)}
        </div>
      )}
    </div>
  );
}

function short(value: number): string {
  return value >= 10_000 ? `${number(value / 1000)}k` : number(value);
}

function anchorOf(x: number, left: number, right: number): 'start' | 'middle' | 'end' {
  if (x < left + 24) return 'start';
  return x > right - 24 ? 'end' : 'middle';
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A few round times, each named as coarsely as their distance allows; in UTC. */
function ticksOf(start: number, end: number, width: number): { at: number; name: string }[] {
  const most = Math.max(2, Math.floor(width / 90));
  const steps = [HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY];
  const step = steps.find((one) => (end - start) / one <= most);
  const ticks: { at: number; name: string }[] = [];
  if (step !== undefined) {
    // Weeks begin on Mondays: the epoch was a Thursday.
    const offset = step % (7 * DAY) === 0 ? 4 * DAY : 0;
    for (let at = Math.ceil((start - offset) / step) * step + offset; at <= end; at += step) {
      const date = new Date(at);
      const midnight = at % DAY === 0;
      const name =
        step < DAY && !midnight
          ? date.toISOString().slice(11, 16)
          : `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
      ticks.push({ at, name });
    }
    return ticks;
  }
  const months = Math.ceil((end - start) / (30 * DAY));
  const every = [1, 2, 3, 6, 12, 24].find((one) => months / one <= most) ?? 60;
  const first = new Date(start);
  for (
    let at = Date.UTC(first.getUTCFullYear(), 0), n = 0;
    at <= end;
    n += every, at = Date.UTC(first.getUTCFullYear(), n)
  ) {
    const date = new Date(at);
    if (at >= start) ticks.push({ at, name: `${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}` });
  }
  return ticks;
}
