/** One bar cut into parts, with the words beside it; the words alone are read out. */
export function ShareBar({
  parts,
}: {
  readonly parts: readonly { readonly name: string; readonly value: number; readonly className: string }[];
}) {
  const whole = parts.reduce((sum, part) => sum + part.value, 0);
  return (
    <div aria-hidden="true" className="flex h-2 w-full gap-px overflow-hidden rounded-full bg-sunken">
      {parts
        .filter((part) => part.value > 0)
        .map((part) => (
          <span key={part.name} className={part.className} style={{ width: `${(part.value / whole) * 100}%` }} />
        ))}
    </div>
  );
}
