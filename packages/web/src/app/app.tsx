import type { ApolloClient } from "@apollo/client";
import { ApolloProvider } from "@apollo/client/react";
import { MantineProvider } from "@mantine/core";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense } from "react";
import { afterFirstRows } from "../lib/lazy-part";
import type { AppRouter } from "./routes";
import { cssVariables, theme } from "./theme";

const Notifications = lazy<() => ReactNode>(async () => {
  await afterFirstRows();
  return import("../components/lazy-notifications").then(
    ({ LazyNotifications }) => ({ default: LazyNotifications }),
    // No error boundary covers them, and no page may fail because of them.
    () => ({ default: () => null }),
  );
});

interface AppProps {
  client: ApolloClient;
  router: AppRouter;
  /** "test" turns off Mantine’s transitions and CSS variables: jsdom would read hundreds of them on each query. */
  env?: "default" | "test";
}

export function App({ client, router, env = "default" }: AppProps) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      env={env}
      withCssVariables={env === "default"}
    >
      <ApolloProvider client={client}>
        <RouterProvider router={router} />
        <Suspense>
          <Notifications />
        </Suspense>
      </ApolloProvider>
    </MantineProvider>
  );
}
