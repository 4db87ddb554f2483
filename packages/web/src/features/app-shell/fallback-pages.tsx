import { Center, Loader } from "@mantine/core";
import { Link, useRouter } from "@tanstack/react-router";
import { ErrorState } from "../../components/page/error-state";
import { PageMessage } from "../../components/page/page-message";
import { isPartMissing } from "../../lib/error-message";

/** Outside the shell, because users who are not signed in see it too. */
export function NotFoundPage() {
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

export function PagePending() {
  return (
    <Center mih={240}>
      <Loader aria-label="Loading" />
    </Center>
  );
}
