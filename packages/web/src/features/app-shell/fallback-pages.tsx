import { Center, Loader } from "@mantine/core";
import { Link, useRouter } from "@tanstack/react-router";
import { ErrorState } from "../../components/error-state";
import { PageMessage } from "../../components/page-message";
import { isPartMissing } from "../../lib/error-message";

/** Stands outside the shell, for who is not signed in comes here too. */
export function NotFoundPage() {
  return (
    <main>
      <title>Page not found · Hallpass</title>
      <PageMessage level={1} title="Page not found">
        The url may be mistyped, or what it showed is gone. <Link to="/settings/api-tokens">Go to API tokens</Link>
      </PageMessage>
    </main>
  );
}

/** A page that could not be read, or a part of the app that could not be fetched. */
export function PageFailed({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  const retry = () => {
    // The browser remembers that it could not fetch a part; a new page asks again.
    if (isPartMissing(error)) return window.location.reload();
    reset();
    void router.invalidate();
  };
  return <ErrorState title="This page could not be shown" error={error} onRetry={retry} />;
}

export function PagePending() {
  return (
    <Center mih={240}>
      <Loader aria-label="Loading" />
    </Center>
  );
}
