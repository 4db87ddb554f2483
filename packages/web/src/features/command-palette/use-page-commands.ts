import { useMantineColorScheme } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useAccountActions } from "../account-switcher/use-account-actions";
import { useCan, useViewer } from "../session/viewer";
import { searchOn } from "./add-search";
import type { Command } from "./command";

/** Commands that concern no token. */
export function usePageCommands(showShortcuts: () => void): Command[] {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const { account, accounts } = useViewer();
  const mayAdd = useCan("apiToken:write");
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { switchAccount, signOut } = useAccountActions();
  const themes = { light: "light", dark: "dark", auto: "system" } as const;
  const schemes = (["light", "dark", "auto"] as const).filter((scheme) => scheme !== colorScheme);
  return [
    ...(mayAdd
      ? [
          {
            id: "add",
            group: "Actions",
            label: "Add API token",
            hint: "c",
            run: () => void navigate({ to: "/settings/api-tokens/add", search: searchOn(pathname) }),
          },
        ]
      : []),
    { id: "tokens", group: "Go to", label: "API tokens", run: () => void navigate({ to: "/settings/api-tokens" }) },
    { id: "trail", group: "Go to", label: "Audit trail", run: () => void navigate({ to: "/settings/audit-trail" }) },
    { id: "policy", group: "Go to", label: "Policy", run: () => void navigate({ to: "/settings/policy" }) },
    { id: "webhooks", group: "Go to", label: "Webhooks", run: () => void navigate({ to: "/settings/webhooks" }) },
    { id: "profile", group: "Go to", label: "Your profile", run: () => void navigate({ to: "/settings/profile" }) },
    ...accounts
      .filter(({ id }) => id !== account.id)
      .map(({ id, name }) => ({
        id,
        group: "Accounts",
        label: `Switch to ${name}`,
        hint: id,
        run: () => void switchAccount(id).then((message) => failed("Couldn’t switch accounts", message)),
      })),
    ...schemes.map((scheme) => ({
      id: scheme,
      group: "Settings",
      label: `Use ${themes[scheme]} theme`,
      run: () => setColorScheme(scheme),
    })),
    { id: "shortcuts", group: "Settings", label: "Keyboard shortcuts", hint: "?", run: showShortcuts },
    {
      id: "sign-out",
      group: "Settings",
      label: "Sign out",
      run: () => void signOut().then((message) => failed("Couldn’t sign you out", message)),
    },
  ];
}

function failed(title: string, message: string | null) {
  if (message) notifications.show({ color: "red", title, message });
}
