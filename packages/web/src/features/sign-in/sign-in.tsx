import "@mantine/core/styles/Divider.css";
import { useApolloClient } from "@apollo/client/react";
import { Alert, Button, Divider, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { graphql } from "../../gql/gql";
import type { SignInMethod } from "../../gql/graphql";
import type { Viewer } from "../session/viewer";
import { SignInForm } from "./sign-in-form";

const signInMethodsDocument = graphql(/* GraphQL */ `
  query SignInMethods {
    signInMethods
  }
`);

/** Null until they are loaded. Read once, as signing in resets all watched queries. */
function useSignInMethods(): SignInMethod[] | null {
  const client = useApolloClient();
  const [methods, setMethods] = useState<SignInMethod[] | null>(null);
  useEffect(() => {
    let isShown = true;
    const show = (known: SignInMethod[]) => {
      if (isShown) setMethods(known);
    };
    client.query({ query: signInMethodsDocument, context: { account: null } }).then(
      ({ data }) => show(data?.signInMethods ?? ["PASSWORD"]),
      // The form shows why.
      () => show(["PASSWORD"]),
    );
    return () => {
      isShown = false;
    };
  }, [client]);
  return methods;
}

interface SignInProps {
  /** After a sign-in with a password. The identity provider sends the browser to `redirect`. */
  onSignedIn: (viewer: Viewer) => void;
  redirect: string;
  /** Why the last sign-in with the identity provider failed. */
  problem?: string | undefined;
  /** Whether the identity provider must ask for proof, even if the person is signed in there. */
  again?: boolean;
  /** Whether this page must stay open, so that nothing typed is lost. */
  inNewTab?: boolean;
}

/** The ways to sign in that the operator has turned on. */
export function SignIn({ onSignedIn, redirect, problem, again = false, inNewTab = false }: SignInProps) {
  const methods = useSignInMethods();
  if (!methods) return null;
  const hasPassword = methods.includes("PASSWORD");
  return (
    <Stack gap="md">
      {problem && (
        <Alert color="red" role="alert" variant="light">
          {problems[problem] ?? problems.failed}
        </Alert>
      )}
      {methods.includes("IDENTITY_PROVIDER") && (
        <>
          <Button
            component="a"
            href={`/sign-in/oidc?${new URLSearchParams({ redirect, ...(again && { again: "" }) })}`}
            target={inNewTab ? "_blank" : undefined}
            variant={hasPassword ? "default" : "filled"}
            fullWidth
          >
            Continue with single sign-on
          </Button>
          {inNewTab && (
            <Text size="xs" c="dimmed">
              Single sign-on opens in a new tab. Come back to this one when you’re signed in.
            </Text>
          )}
          {hasPassword && <Divider label="or" />}
        </>
      )}
      {hasPassword && <SignInForm onSignedIn={onSignedIn} />}
    </Stack>
  );
}

const problems: Record<string, string> = {
  cancelled: "Couldn’t sign you in. You or your identity provider cancelled the sign-in.",
  failed: "Couldn’t sign you in. Try again.",
  unavailable: "Your identity provider isn’t responding. Try again in a minute.",
  busy: "Too many people are signing in. Try again in a minute.",
  "unknown-person": "You don’t have access to Hallpass. Ask your administrator to add you.",
  "unverified-email": "Your identity provider hasn’t verified your email address. Ask your administrator.",
};
