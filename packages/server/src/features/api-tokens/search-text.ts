/** Text as it is compared: in lower case, without surrounding white space. */
export function searchKey(text: string): string {
  return text.trim().normalize("NFC").toLowerCase();
}

/** Name, ID and description, one per line, in the form in which they are searched. */
export function searchTextOf({
  id,
  name,
  description,
}: {
  id: string;
  name: string;
  description: string | null;
}): string {
  return [name, id, description ?? ""].join("\n").toLowerCase();
}
