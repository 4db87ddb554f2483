import { useApolloClient } from "@apollo/client/react";
import { Paper, Text, Title } from "@mantine/core";
import { useRouteContext, useRouter, useSearch } from "@tanstack/react-router";
import { Logo } from "../../components/logo";
import { showViewer, type Viewer } from "../session/viewer";
import { SignIn } from "./sign-in";
import classes from "./sign-in-page.module.css";

export function SignInPage() {
  const client = useApolloClient();
  const router = useRouter();
  const { session } = useRouteContext({ from: "/sign-in" });
  // The page first requested. The route accepts only paths on this site.
  const { redirect = "/settings/api-tokens", problem } = useSearch({ from: "/sign-in" });
  async function enter(viewer: Viewer) {
    await showViewer(client, session, viewer);
    router.history.push(redirect);
  }
  return (
    <main className={classes.page}>
      <title>Sign in · Hallpass</title>
      <Paper className={classes.card} withBorder p={{ base: "lg", sm: 36 }} radius="lg">
        <Logo />
        <Title order={1} size="h3" mt="xl">
          Sign in
        </Title>
        <Text c="dimmed" size="sm" mb="lg">
          Manage your account’s API tokens.
        </Text>
        <SignIn onSignedIn={enter} redirect={redirect} problem={problem} />
      </Paper>
    </main>
  );
}
