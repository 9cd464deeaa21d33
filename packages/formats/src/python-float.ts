/**
 * A finite double as Python's `repr(float)` prints it, which is what its `json.dumps` uses.
 *
 * Both languages choose the shortest digits that read back as the same double; they differ in the layout alone: Python
 * marks every float as one (`1.0`), goes over to an exponent below 1e-4 and from 1e16 on, writes it with at least two
 * digits, and keeps the sign of zero.
 */
export function pythonFloat(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e16) {
    // 1e-5 and 1e-6 are below this branch, so String() never uses an exponent here.
    return Number.isInteger(value) ? `${value}.0` : String(value);
  }
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const text = value.toExponential();
  const e = text.indexOf('e');
  const exponent = text.slice(e + 2);
  return text.slice(0, e + 2) + (exponent.length < 2 ? '0' + exponent : exponent);
}
