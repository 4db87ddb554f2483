import type { ApolloClient } from "@apollo/client";
import { ApolloProvider } from "@apollo/client/react";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { RouterProvider } from "@tanstack/react-router";
import type { AppRouter } from "./routes";
import { cssVariables, theme } from "./theme";

interface AppProps {
  client: ApolloClient;
  router: AppRouter;
  /** "test" switches Mantine's transitions and portals' delays off. */
  env?: "default" | "test";
}

export function App({ client, router, env = "default" }: AppProps) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" env={env}>
      <ApolloProvider client={client}>
        <RouterProvider router={router} />
        <Notifications position="bottom-right" containerWidth={380} />
      </ApolloProvider>
    </MantineProvider>
  );
}
