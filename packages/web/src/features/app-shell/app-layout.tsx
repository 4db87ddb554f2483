import { Burger } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, Outlet, useLocation, useRouteContext, useRouter } from "@tanstack/react-router";
import { Suspense, useEffect, useRef, useState } from "react";
import { Logo } from "../../components/logo";
import { accountIn, inAccount } from "../../lib/account-url";
import { lazyPart } from "../../lib/lazy-part";
import { focusHeading } from "../../lib/use-focus-back";
import { AccountMenu } from "../account-switcher/account-menu";
import { PaletteButton } from "../command-palette/palette-button";
import { Shortcuts } from "../command-palette/shortcuts";
import { type TabSession, useSessionTrouble } from "../session/tab-session";
import { useViewer } from "../session/viewer";
import classes from "./app-layout.module.css";
import { SideNavigation } from "./side-navigation";

// Rarely needed, and the sign-in form with its validation would slow down every first load.
const SessionEndedDialog = lazyPart(async () => (await import("./session-ended-dialog")).SessionEndedDialog);
const RoleRemovedDialog = lazyPart(async () => (await import("./role-removed-dialog")).RoleRemovedDialog);

/** Adds the tab’s account to a URL without one, so that a copied link opens in the same account. */
function useAccountInUrl({ accountId }: TabSession) {
  const { history } = useRouter();
  const { publicHref } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the URL may have changed again since it was rendered
  useEffect(() => {
    const { href } = history.location;
    if (accountId && accountIn(href) === null) history.replace(inAccount(accountId, href));
  }, [history, accountId, publicHref]);
}

/** After navigation, screen readers read the new page from its heading. */
function useHeadingFocus(pathname: string) {
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    // After the page has replaced the one with the link.
    const timer = setTimeout(focusHeading, 100);
    return () => clearTimeout(timer);
  }, [pathname]);
}

/** Top bar, side navigation (a drawer on narrow screens) and page. */
export function AppLayout() {
  const { session } = useRouteContext({ from: "/signed-in" });
  const trouble = useSessionTrouble(session);
  const { account, actor } = useViewer();
  const [paletteOpened, setPaletteOpened] = useState(false);
  const [opened, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  useAccountInUrl(session);
  // biome-ignore lint/correctness/useExhaustiveDependencies: following a link closes the drawer
  useEffect(close, [pathname]);
  useHeadingFocus(pathname);

  return (
    <div className={classes.shell} data-drawer={opened || undefined}>
      <a href="#main" className={classes.skip}>
        Skip to content
      </a>
      <header className={classes.header}>
        <Burger
          className={classes.burger}
          size="sm"
          opened={opened}
          onClick={toggle}
          aria-label={opened ? "Close navigation" : "Open navigation"}
          aria-expanded={opened}
          aria-controls="navigation"
        />
        <Link to="/settings/api-tokens" className={classes.home} aria-label="Hallpass, API tokens">
          <Logo />
        </Link>
        <span className={classes.section}>Settings</span>
        <PaletteButton onClick={() => setPaletteOpened(true)} />
        <AccountMenu />
      </header>
      <nav
        id="navigation"
        aria-label="Settings"
        className={classes.navigation}
        onKeyDown={({ key }) => key === "Escape" && close()}
      >
        <SideNavigation />
      </nav>
      {/* For mouse users. Escape and the burger close the drawer by keyboard. */}
      <div className={classes.backdrop} onClick={close} aria-hidden="true" />
      <main id="main" className={classes.main} tabIndex={-1}>
        <Outlet />
      </main>
      <Shortcuts key={`${account.id} ${actor.id}`} paletteOpened={paletteOpened} setPaletteOpened={setPaletteOpened} />
      <Suspense>
        {(trouble === "ended" || trouble === "not-recent") && (
          <SessionEndedDialog session={session} again={trouble === "not-recent"} />
        )}
        {trouble === "role-removed" && <RoleRemovedDialog session={session} />}
      </Suspense>
    </div>
  );
}
