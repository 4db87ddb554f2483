import type { ApolloClient } from "@apollo/client";
import { ApolloProvider } from "@apollo/client/react";
import { MantineProvider } from "@mantine/core";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense } from "react";
import type { AppRouter } from "./routes";
import { cssVariables, theme } from "./theme";

const Notifications = lazy<() => ReactNode>(() =>
  import("../components/lazy-notifications").then(
    ({ LazyNotifications }) => ({ default: LazyNotifications }),
    // They stand outside every page's care for failures, and no page may fall with them.
    () => ({ default: () => null }),
  ),
);

interface AppProps {
  client: ApolloClient;
  router: AppRouter;
  /** "test" switches Mantine's transitions and variables off: jsdom would read hundreds of them for each question. */
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
