import { useApolloClient, useMutation } from "@apollo/client/react";
import { Menu, Text, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCheck, IconChevronDown, IconLogout } from "@tabler/icons-react";
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
          <IconChevronDown size={16} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown aria-label="Account">
        <Menu.Label>Account</Menu.Label>
        {accounts.map((each) => (
          <Menu.Item
            key={each.id}
            role="menuitemradio"
            aria-checked={each.id === account.id}
            rightSection={each.id === account.id && <IconCheck size={16} aria-hidden="true" />}
            onClick={() => each.id !== account.id && switchAccount(each.id)}
          >
            {each.name}
            <Text size="xs" c="dimmed">
              {accountTypes[each.type]} · {each.id}
            </Text>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>Colours</Menu.Label>
        {(["light", "dark", "auto"] as const).map((scheme) => (
          <Menu.Item
            key={scheme}
            role="menuitemradio"
            aria-checked={scheme === colorScheme}
            rightSection={scheme === colorScheme && <IconCheck size={16} aria-hidden="true" />}
            onClick={() => setColorScheme(scheme)}
          >
            {colourSchemes[scheme]}
          </Menu.Item>
        ))}
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
  const [switchAccount] = useMutation(switchAccountDocument);
  const [signOut] = useMutation(signOutDocument);

  return {
    async switchAccount(accountId: string) {
      try {
        const { data } = await switchAccount({ variables: { input: { accountId } }, fetchPolicy: "no-cache" });
        const fault = data?.switchAccount.userErrors[0];
        if (fault) return failed("The account was not switched", fault.message);
        // The list without the old account's filters, and nothing of the old account in memory.
        await router.navigate({ to: "/settings/api-tokens" });
        await client.resetStore();
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
