export function Legend({
  entries,
}: {
  readonly entries: readonly { readonly name: string; readonly className: string }[];
}) {
  return (
    <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2">
      {entries.map(({ name, className }) => (
        <li key={name} className="flex items-center gap-1.5">
          <span aria-hidden="true" className={`size-2.5 rounded-xs ${className}`} />
          {name}
        </li>
      ))}
    </ul>
  );
}
