import { Center, Loader } from "@mantine/core";
import { Link, useRouter } from "@tanstack/react-router";
import { ErrorState } from "../../components/page/error-state";
import { PageMessage } from "../../components/page/page-message";
import { inAccount } from "../../lib/account-url";
import { isPartMissing } from "../../lib/error-message";
import { isolated } from "../../lib/isolated";
import type { NoAccess } from "../session/enter-account";
import classes from "./fallback-pages.module.css";

/** Outside the shell, because users who are not signed in see it too. */
export function NotFoundPage({ data }: { data?: unknown }) {
  if (isNoAccess(data)) return <NoAccessPage {...data} />;
  return (
    <main>
      <title>Page not found · Hallpass</title>
      <PageMessage level={1} title="Page not found">
        The URL may be mistyped, or the page may no longer exist.{" "}
        <Link to="/settings/api-tokens">Go to API tokens</Link>
      </PageMessage>
    </main>
  );
}

/** Shown if a page or a part of the app fails to load. */
export function PageFailed({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  const retry = () => {
    // The browser remembers failed imports until the page is reloaded.
    if (isPartMissing(error)) return window.location.reload();
    reset();
    void router.invalidate();
  };
  return <ErrorState title="Couldn’t show this page" error={error} onRetry={retry} />;
}

const isNoAccess = (data: unknown): data is NoAccess =>
  typeof data === "object" && data !== null && "accountId" in data && "accounts" in data;

/** Plain links, as each starts the app anew in another account. */
function NoAccessPage({ accountId, accounts }: NoAccess) {
  return (
    <main>
      <title>No access · Hallpass</title>
      <PageMessage level={1} title="You don’t have access to this account">
        This link is for {accountId}, where you have no role. Ask one of its administrators for access, or open another
        account:
        <ul className={classes.accounts}>
          {accounts.map(({ id, name }) => (
            <li key={id}>
              <a href={inAccount(id, "/settings/api-tokens")}>{isolated(name)}</a> {id}
            </li>
          ))}
        </ul>
      </PageMessage>
    </main>
  );
}

export function PagePending() {
  return (
    <Center mih={240}>
      <Loader aria-label="Loading" />
    </Center>
  );
}
