/** Downloads a file that the page has in memory. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Wait, because the download starts after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
