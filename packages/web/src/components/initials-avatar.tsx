import { Avatar } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";

interface InitialsAvatarProps {
  name: string;
  /** The image’s path. Without it, or if it fails to load, the initials are shown. */
  src?: string | null | undefined;
  /** In pixels. */
  size?: number;
  round?: boolean;
}

/**
 * Decorative beside a written name, so hidden from screen readers. Without a name, shows a key: Mantine’s own
 * placeholder is a person.
 */
export function InitialsAvatar({ name, src, size = 32, round = false }: InitialsAvatarProps) {
  return (
    <Avatar src={src ?? null} alt="" size={size} radius={round ? "xl" : "md"} color="pine" aria-hidden="true">
      {initials(name) || <IconKey size={size / 2} stroke={1.6} />}
    </Avatar>
  );
}

/** `Robot 1` → R1, `Sarah Sanderson` → SS, `billing-sync` → BS. Letters and digits only. */
function initials(name: string): string {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? [];
  const [first = "", ...rest] = words;
  const second = rest.at(-1);
  return [first, second]
    .map((word) => (word ? (Array.from(word)[0] ?? "") : ""))
    .join("")
    .toUpperCase();
}
