import { AppShell, Burger, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { Logo } from "../../components/logo";
import { AccountMenu } from "../account-switcher/account-menu";
import { type SessionEnd, useSessionEnded } from "../session/session-end";
import classes from "./app-layout.module.css";
import { SideNavigation } from "./side-navigation";

// Needed only when a session ends; the sign-in form with its rules would weigh on every first load.
const SessionEndedDialog = lazy(async () => ({
  default: (await import("./session-ended-dialog")).SessionEndedDialog,
}));

/** Top bar, side navigation, and the page between them. */
export function AppLayout({ sessionEnd }: { sessionEnd: SessionEnd }) {
  const [opened, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: following a link closes the drawer
  useEffect(close, [pathname]);

  return (
    <AppShell
      header={{ height: 60 }}
      navbar={{ width: 228, breakpoint: "md", collapsed: { mobile: !opened } }}
      padding={0}
      classNames={{ main: classes.main, navbar: classes.navbar, header: classes.header }}
    >
      <a href="#main" className={classes.skip}>
        Skip to content
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" wrap="nowrap" gap="sm">
          <Burger
            hiddenFrom="md"
            size="sm"
            opened={opened}
            onClick={toggle}
            aria-label={opened ? "Close navigation" : "Open navigation"}
            aria-expanded={opened}
          />
          <Link to="/settings/api-tokens" className={classes.home} aria-label="Hallpass, API tokens">
            <Logo />
          </Link>
          <Text className={classes.section} visibleFrom="sm">
            Settings
          </Text>
          <AccountMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar aria-label="Settings">
        <SideNavigation />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
      {useSessionEnded(sessionEnd) && (
        <Suspense>
          <SessionEndedDialog sessionEnd={sessionEnd} />
        </Suspense>
      )}
    </AppShell>
  );
}
