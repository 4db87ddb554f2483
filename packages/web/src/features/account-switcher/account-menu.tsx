import { useApolloClient, useMutation } from "@apollo/client/react";
import { type MantineColorScheme, Menu, Text, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconChevronDown, IconLogout } from "@tabler/icons-react";
import { useRouter } from "@tanstack/react-router";
import { errorMessage } from "../../components/error-message";
import { InitialsAvatar } from "../../components/initials-avatar";
import { graphql } from "../../gql/gql";
import { useViewer } from "../session/viewer";
import classes from "./account-menu.module.css";

const switchAccountDocument = graphql(/* GraphQL */ `
  mutation SwitchAccount($input: SwitchAccountInput!) {
    switchAccount(input: $input) {
      viewer {
        account {
          id
        }
      }
      userErrors {
        message
      }
    }
  }
`);

const signOutDocument = graphql(/* GraphQL */ `
  mutation SignOut {
    signOut {
      userErrors {
        message
      }
    }
  }
`);

const accountTypes = { CLIENT: "Client", VENDOR: "Vendor", OPERATIONS: "Operations" } as const;
const colourSchemes = { light: "Light", dark: "Dark", auto: "As the system" } as const;

/** The account and the person at the top; the menu switches account and colours, and signs out. */
export function AccountMenu() {
  const { account, accounts, actor } = useViewer();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { switchAccount, signOut } = useAccountActions();

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
        <Menu.RadioGroup value={account.id} onChange={switchAccount}>
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
        <Menu.Label>Colours</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}>
          {Object.entries(colourSchemes).map(([scheme, label]) => (
            <Menu.RadioItem key={scheme} value={scheme}>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden="true" />} onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function useAccountActions() {
  const client = useApolloClient();
  const router = useRouter();
  const { account: current } = useViewer();
  const [switchAccount] = useMutation(switchAccountDocument);
  const [signOut] = useMutation(signOutDocument);

  return {
    async switchAccount(accountId: string) {
      if (accountId === current.id) return;
      try {
        const { data } = await switchAccount({ variables: { input: { accountId } }, fetchPolicy: "no-cache" });
        const fault = data?.switchAccount.userErrors[0];
        if (fault) return failed("The account was not switched", fault.message);
        // Nothing of the old account stays in memory, nor its filters in the address.
        await client.resetStore();
        await router.navigate({ to: "/settings/api-tokens" });
      } catch (error) {
        failed("The account was not switched", errorMessage(error));
      }
    },
    async signOut() {
      try {
        await signOut();
        await client.clearStore();
        await router.navigate({ to: "/sign-in" });
      } catch (error) {
        failed("You are still signed in", errorMessage(error));
      }
    },
  };
}

function failed(title: string, message: string) {
  notifications.show({ color: "red", title, message });
}
