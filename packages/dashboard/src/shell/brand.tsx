import mark from '../mark.svg';

export function Brand() {
  return (
    <span className="inline-flex items-center gap-2 font-semibold tracking-tight">
      <img src={mark} alt="" width="22" height="22" />
      Veritrail
    </span>
  );
}
