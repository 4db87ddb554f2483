import { Button } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { Suspense, useState } from "react";
import { InitialsAvatar } from "../../../components/initials-avatar";
import { StatusBadge } from "../../../components/status-badge";
import { type FragmentType, useFragment } from "../../../gql/fragment-masking";
import { graphql } from "../../../gql/gql";
import { lazyPart } from "../../../lib/lazy-part";
import { ApiTokenActionsMenu } from "../actions/actions-menu";
import { ExpiryBadge } from "../list/cells/expiry-badge";
import classes from "./details-page.module.css";

const EditApiTokenDialog = lazyPart(async () => (await import("../edit/edit-dialog")).EditApiTokenDialog);

const headerFragment = graphql(/* GraphQL */ `
  fragment ApiTokenDetailsHeader on ApiToken {
    id
    name
    iconUrl
    status
    expiresAt
    availableActions
    ...ApiTokenActions
  }
`);

export function DetailsHeader({ token: ref }: { token: FragmentType<typeof headerFragment> }) {
  const token = useFragment(headerFragment, ref);
  const navigate = useNavigate();
  const [editing, setEditing] = useState(false);
  const canEdit = token.availableActions.includes("EDIT");
  return (
    <header className={classes.header}>
      <BackToList />
      <InitialsAvatar name={token.name} src={token.iconUrl} size={44} />
      <div className={classes.identity}>
        <p className={classes.eyebrow}>API token {token.id}</p>
        <div className={classes.nameRow}>
          <h1 className={classes.name}>{token.name}</h1>
          <StatusBadge status={token.status} />
          <ExpiryBadge token={token} />
        </div>
      </div>
      {canEdit && (
        <div className={classes.buttons}>
          <Button onClick={() => setEditing(true)}>Edit</Button>
          <ApiTokenActionsMenu
            token={token}
            besideEdit
            onDone={(action) => {
              if (action === "DELETE") void navigate({ to: "/settings/api-tokens" });
            }}
          />
        </div>
      )}
      {editing && (
        <Suspense>
          <EditApiTokenDialog opened tokenId={token.id} onClose={() => setEditing(false)} />
        </Suspense>
      )}
    </header>
  );
}

export function BackToList() {
  return (
    <Link to="/settings/api-tokens" className={classes.back} aria-label="Back to API tokens">
      <IconArrowLeft size={20} aria-hidden="true" />
    </Link>
  );
}
