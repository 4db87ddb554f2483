import type { ReactNode } from "react";
import { InitialsAvatar } from "./initials-avatar";
import classes from "./named-cell.module.css";

interface NamedCellProps {
  name: string;
  /** The ID, shown below the name. */
  id?: string;
  /** Shown instead of the name: a link with the same text. */
  link?: ReactNode;
  src?: string | null;
  /** Round for people, square for everything else. */
  round?: boolean;
}

/** A person, module or token with its name, ID and image. */
export function NamedCell({ name, id, link, src, round = false }: NamedCellProps) {
  return (
    <span className={classes.cell}>
      <InitialsAvatar name={name} src={src} round={round} />
      <span className={classes.texts}>
        <span className={classes.name} title={name}>
          {link ?? name}
        </span>
        {id && <span className={classes.id}>{id}</span>}
      </span>
    </span>
  );
}
