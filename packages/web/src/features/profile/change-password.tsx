import { useMutation } from "@apollo/client/react";
import { changePasswordInput, userErrorsOf } from "@hallpass/shared";
import { Alert, Button, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useId, useState } from "react";
import { graphql } from "../../gql/gql";
import { errorMessage } from "../../lib/error-message";
import { useViewer } from "../session/viewer";
import classes from "./profile-page.module.css";

const changePasswordDocument = graphql(/* GraphQL */ `
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      userErrors {
        field
        message
      }
    }
  }
`);

const fields = ["currentPassword", "newPassword"] as const;
type Errors = Partial<Record<(typeof fields)[number], string>>;

export function ChangePassword({ onChanged }: { onChanged: () => void }) {
  const { actor } = useViewer();
  const [change, { loading }] = useMutation(changePasswordDocument);
  const [errors, setErrors] = useState<Errors>({});
  const [failure, setFailure] = useState<string | null>(null);
  const id = useId();

  function show(form: HTMLFormElement, found: readonly { field?: readonly string[] | null; message: string }[]) {
    const faults: Errors = Object.fromEntries(found.map(({ field, message }) => [field?.[0] ?? "", message]));
    setErrors(faults);
    const first = fields.find((name) => faults[name]);
    form.querySelector<HTMLInputElement>(`[name="${first}"]`)?.focus();
  }

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    setFailure(null);
    const parsed = changePasswordInput.safeParse(Object.fromEntries(new FormData(form)));
    if (!parsed.success) return show(form, userErrorsOf(parsed.error));
    try {
      const { data } = await change({ variables: { input: parsed.data } });
      const faults = data?.changePassword.userErrors ?? [];
      show(form, faults);
      if (faults.length > 0) return;
      form.reset();
      notifications.show({ color: "pine", message: "Password changed." });
      onChanged();
    } catch (error) {
      setFailure(errorMessage(error));
    }
  }

  return (
    <form onSubmit={submit} noValidate aria-label="Change password" className={classes.form}>
      <Stack gap="md">
        {failure && (
          <Alert color="red" role="alert" variant="light">
            {failure}
          </Alert>
        )}
        {/* Password managers need to know whose password it is. */}
        <input type="text" autoComplete="username" value={actor.name} readOnly hidden />
        <TextInput
          id={`${id}-current`}
          label="Current password"
          name="currentPassword"
          type="password"
          autoComplete="current-password"
          error={errors.currentPassword}
        />
        <TextInput
          id={`${id}-new`}
          label="New password"
          description="At least 12 characters."
          name="newPassword"
          type="password"
          autoComplete="new-password"
          error={errors.newPassword}
        />
        <Button type="submit" loading={loading} w="fit-content">
          Change password
        </Button>
      </Stack>
    </form>
  );
}
