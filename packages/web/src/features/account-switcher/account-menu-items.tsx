import { type MantineColorScheme, Menu, Text, useMantineColorScheme } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconLogout, IconUserCircle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useViewer } from "../session/viewer";
import { accountTypes } from "./account-types";
import { useAccountActions } from "./use-account-actions";

const colourSchemes = { light: "Light", dark: "Dark", auto: "System" } as const;

export function AccountMenuItems() {
  const { account, accounts } = useViewer();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { switchAccount, signOut } = useAccountActions();

  async function switchTo(accountId: string) {
    if (accountId !== account.id) failed("Couldn’t switch accounts", await switchAccount(accountId));
  }

  return (
    <>
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
        leftSection={<IconUserCircle size={16} aria-hidden="true" />}
        renderRoot={(props) => <Link to="/settings/profile" {...props} />}
      >
        Your profile
      </Menu.Item>
      <Menu.Item
        leftSection={<IconLogout size={16} aria-hidden="true" />}
        onClick={async () => failed("Couldn’t sign you out", await signOut())}
      >
        Sign out
      </Menu.Item>
    </>
  );
}

function failed(title: string, message: string | null) {
  if (message) notifications.show({ color: "red", title, message });
}
