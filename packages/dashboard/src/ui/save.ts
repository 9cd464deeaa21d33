/** Hands a file to the browser to keep. */
export function save(name: string, content: Blob | Uint8Array<ArrayBuffer>, type = 'application/json'): void {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
