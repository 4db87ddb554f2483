import { UnstyledButton } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { InitialsAvatar } from "../../components/initials-avatar";
import { MenuButton } from "../../components/menu/menu-button";
import { lazyPart } from "../../lib/lazy-part";
import { useViewer } from "../session/viewer";
import classes from "./account-menu.module.css";
import { accountTypes } from "./account-types";

const AccountMenuItems = lazyPart(async () => (await import("./account-menu-items")).AccountMenuItems);

/** Shows the account and user. The menu switches accounts and themes, and signs out. */
export function AccountMenu() {
  const { account, actor } = useViewer();
  return (
    <MenuButton
      label="Account"
      width={280}
      button={
        <UnstyledButton className={classes.target}>
          <InitialsAvatar name={account.name} size={34} />
          <span className={classes.names}>
            <span className={classes.account}>{account.name}</span>
            <span className={classes.person}>
              {accountTypes[account.type]} · {actor.name}
            </span>
          </span>
          <IconChevronDown className={classes.chevron} size={16} aria-hidden="true" />
        </UnstyledButton>
      }
    >
      <AccountMenuItems />
    </MenuButton>
  );
}
