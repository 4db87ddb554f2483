import { Avatar } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";

interface InitialsAvatarProps {
  name: string;
  /** Path of a picture; without one, or when it cannot be fetched, the initials stand there. */
  src?: string | null | undefined;
  /** Pixels. */
  size?: number;
  round?: boolean;
}

/**
 * Decoration beside a name that is written out, so it is hidden from screen readers. A token that has no name yet has
 * a key, for Mantine's own stand-in is a person.
 */
export function InitialsAvatar({ name, src, size = 32, round = false }: InitialsAvatarProps) {
  return (
    <Avatar src={src ?? null} alt="" size={size} radius={round ? "xl" : "md"} color="pine" aria-hidden="true">
      {initials(name) || <IconKey size={size / 2} stroke={1.6} />}
    </Avatar>
  );
}

/** `Robot 1` → R1, `Sarah Sanderson` → SS, `billing-sync` → BS; letters and digits only. */
function initials(name: string): string {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? [];
  const [first = "", ...rest] = words;
  const second = rest.at(-1);
  return [first, second]
    .map((word) => (word ? (Array.from(word)[0] ?? "") : ""))
    .join("")
    .toUpperCase();
}
