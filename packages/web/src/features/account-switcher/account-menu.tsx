import { type MantineColorScheme, Menu, Text, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconChevronDown, IconLogout } from "@tabler/icons-react";
import { InitialsAvatar } from "../../components/initials-avatar";
import { useViewer } from "../session/viewer";
import classes from "./account-menu.module.css";
import { useAccountActions } from "./use-account-actions";

const accountTypes = { CLIENT: "Client", VENDOR: "Vendor", OPERATIONS: "Operations" } as const;
const colourSchemes = { light: "Light", dark: "Dark", auto: "System" } as const;

/** The account and the person at the top; the menu switches account and colours, and signs out. */
export function AccountMenu() {
  const { account, accounts, actor } = useViewer();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { switchAccount, signOut } = useAccountActions();

  async function switchTo(accountId: string) {
    if (accountId !== account.id) failed("The account was not switched", await switchAccount(accountId));
  }

  return (
    <Menu position="bottom-end" width={280} shadow="md" withinPortal>
      <Menu.Target>
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
      </Menu.Target>
      <Menu.Dropdown aria-label="Account">
        <Menu.Label>Account</Menu.Label>
        <Menu.RadioGroup value={account.id} onChange={switchTo}>
          {accounts.map((each) => (
            <Menu.RadioItem key={each.id} value={each.id} closeMenuOnClick>
              {each.name}
              <Text size="xs" c="dimmed">
                {accountTypes[each.type]} · {each.id}
              </Text>
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>Theme</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}>
          {Object.entries(colourSchemes).map(([scheme, label]) => (
            <Menu.RadioItem key={scheme} value={scheme}>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden="true" />}
          onClick={async () => failed("Couldn’t sign you out", await signOut())}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function failed(title: string, message: string | null) {
  if (message) notifications.show({ color: "red", title, message });
}
