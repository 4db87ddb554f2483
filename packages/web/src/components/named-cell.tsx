import type { ReactNode } from "react";
import { InitialsAvatar } from "./initials-avatar";
import classes from "./named-cell.module.css";

interface NamedCellProps {
  name: string;
  /** Stands under the name: an identifier. */
  id?: string;
  /** Stands in the name's place: a link of the same name. */
  link?: ReactNode;
  src?: string | null;
  /** A person has a round picture, a thing a square one. */
  round?: boolean;
}

/** Something that has a name, an identifier and a picture: a person, a module, a token. */
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
