import { useMutation } from "@apollo/client/react";
import { signInInput, userErrorsOf } from "@hallpass/shared";
import { Alert, Button, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { graphql } from "../../gql/gql";
import { errorMessage } from "../../lib/error-message";
import type { Viewer } from "../session/viewer";

const signInDocument = graphql(/* GraphQL */ `
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
      viewer {
        role
        actor {
          id
          name
        }
        account {
          id
          name
          type
        }
        accounts {
          id
          name
          type
        }
        ...ViewerSavedViews
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`);

type FieldErrors = Partial<Record<string, string>>;

/** `onSignedIn` decides what to show, and in which account. */
export function SignInForm({ onSignedIn }: { onSignedIn: (viewer: Viewer) => void }) {
  const [signIn, { loading }] = useMutation(signInDocument);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [refusal, setRefusal] = useState<string | null>(null);
  const form = useRef<HTMLFormElement>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setRefusal(null);
    const parsed = signInInput.safeParse(Object.fromEntries(new FormData(event.currentTarget)));
    if (!parsed.success) {
      const faults = Object.fromEntries(
        userErrorsOf(parsed.error).map(({ field, message }) => [field[0] ?? "", message]),
      );
      setErrors(faults);
      focusField(form.current, faults.email ? "email" : "password");
      return;
    }
    setErrors({});
    try {
      const { data } = await signIn({
        variables: { input: parsed.data },
        context: { account: null },
        // The cache holds the tab’s current viewer.
        fetchPolicy: "no-cache",
      });
      const { viewer, userErrors = [] } = data?.signIn ?? {};
      if (viewer) return onSignedIn(viewer);
      setRefusal(userErrors[0]?.message ?? "Couldn’t sign you in.");
    } catch (error) {
      setRefusal(errorMessage(error));
    }
    focusField(form.current, "password");
  }

  useEffect(() => focusField(form.current, "email"), []);

  return (
    <form ref={form} onSubmit={submit} noValidate aria-label="Sign in">
      <Stack gap="md">
        {refusal && (
          <Alert color="red" role="alert" variant="light">
            {refusal}
          </Alert>
        )}
        <TextInput
          label="Email"
          name="email"
          type="email"
          autoComplete="username"
          error={errors.email}
          data-autofocus
        />
        <TextInput
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          error={errors.password}
        />
        <Button type="submit" loading={loading} fullWidth>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}

function focusField(form: HTMLFormElement | null, name: string) {
  form?.querySelector<HTMLInputElement>(`[name="${name}"]`)?.focus();
}
