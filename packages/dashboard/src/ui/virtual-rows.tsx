import { useCallback, useLayoutEffect, useRef, useState, type ReactNode } from 'react';

/** Browsers lay out no element taller than some tens of millions of pixels; beyond this the scroll bar is scaled. */
const TALLEST = 8_000_000;
/** Rows kept above and below what is seen. */
const MORE = 6;

/**
 * Rows of one height, of which only those near the eye are drawn, however many there are. Small steps of the wheel move
 * by pixels, as one is used to; what is dragged on the scroll bar moves in proportion.
 */
export function VirtualRows({
  total,
  rowHeight,
  className,
  label,
  header,
  render,
  onRange,
  onOpen,
}: {
  readonly total: number;
  readonly rowHeight: number;
  readonly className: string;
  readonly label: string;
  readonly header: ReactNode;
  readonly render: (index: number, style: { readonly transform: string; readonly height: number }) => ReactNode;
  /** Called with the rows that are drawn, the last one excluded. */
  readonly onRange: (from: number, to: number) => void;
  readonly onOpen?: (index: number) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const lastReal = useRef(0);
  const idle = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [top, setTop] = useState(0);
  const [viewport, setViewport] = useState(600);
  const [, setMoves] = useState(0);
  const wanted = useRef<number>(undefined);

  const whole = total * rowHeight;
  const height = Math.min(whole, TALLEST);
  const ratio = whole <= height ? 1 : (whole - viewport) / (height - viewport);
  const last = Math.max(whole - viewport, 0);
  const clamp = useCallback((value: number): number => Math.min(Math.max(value, 0), last), [last]);

  useLayoutEffect(() => {
    const { current } = scroller;
    if (current === null) return undefined;
    const observer = new ResizeObserver(() => setViewport(current.clientHeight));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);

  const scroll = (): void => {
    const real = scroller.current?.scrollTop ?? 0;
    const step = real - lastReal.current;
    lastReal.current = real;
    setTop((before) => clamp(ratio === 1 || Math.abs(step) > viewport * 2 ? real * ratio : before + step));
    if (ratio === 1) return;
    clearTimeout(idle.current);
    // After a rest the scroll bar is put where it belongs.
    idle.current = setTimeout(() => {
      setTop((now) => {
        lastReal.current = now / ratio;
        if (scroller.current !== null) {
          scroller.current.scrollTop = lastReal.current;
          lastReal.current = scroller.current.scrollTop;
        }
        return now;
      });
    }, 150);
  };

  const from = Math.max(Math.floor(top / rowHeight) - MORE, 0);
  const to = Math.min(Math.ceil((top + viewport) / rowHeight) + MORE, total);
  useLayoutEffect(() => onRange(from, to), [from, to, onRange]);

  useLayoutEffect(() => {
    if (wanted.current === undefined) return;
    const row = scroller.current?.querySelector<HTMLElement>(
      `[data-row="${wanted.current}"] a, [data-row="${wanted.current}"] button`,
    );
    if (row === null || row === undefined) return;
    row.focus({ preventScroll: true });
    wanted.current = undefined;
  });

  const moveTo = (index: number): void => {
    const at = Math.min(Math.max(index, 0), total - 1);
    wanted.current = at;
    // Where nothing scrolls, nothing else would draw again and give the focus.
    setMoves((moves) => moves + 1);
    const begin = at * rowHeight;
    const next = begin < top ? begin : begin + rowHeight > top + viewport ? begin + rowHeight - viewport : top;
    setTop(clamp(next));
    lastReal.current = clamp(next) / ratio;
    if (scroller.current !== null) scroller.current.scrollTop = lastReal.current;
  };
  const key = (event: React.KeyboardEvent): void => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-row]');
    const at = row === null ? -1 : Number(row.dataset['row']);
    const page = Math.max(Math.floor(viewport / rowHeight) - 1, 1);
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      j: at + 1,
      k: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: total - 1,
    };
    const next = moves[event.key];
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey || total === 0) {
      if (event.key === 'Enter' && at >= 0 && event.target === row) onOpen?.(at);
      return;
    }
    event.preventDefault();
    moveTo(next);
  };

  return (
    <div
      ref={scroller}
      role="table"
      aria-label={label}
      aria-rowcount={total + 1}
      tabIndex={0}
      onScroll={scroll}
      onKeyDown={key}
      className={`relative overflow-y-auto overscroll-contain ${className}`}
    >
      {header}
      <div role="rowgroup" style={{ height }}>
        <div
          role="presentation"
          className="sticky top-0 overflow-hidden"
          style={{ height: Math.min(viewport, height) }}
        >
          {Array.from({ length: Math.max(to - from, 0) }, (_, n) => {
            const index = from + n;
            return render(index, { transform: `translateY(${index * rowHeight - top}px)`, height: rowHeight });
          })}
        </div>
      </div>
    </div>
  );
}
