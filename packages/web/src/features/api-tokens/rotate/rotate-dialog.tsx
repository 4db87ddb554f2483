import { useQuery } from "@apollo/client/react";
import { Button, Group, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { type ReactNode, type RefObject, useState } from "react";
import { errorMessage } from "../../../lib/error-message";
import { isolated } from "../../../lib/isolated";
import { useFocusBack } from "../../../lib/use-focus-back";
import { NewValue } from "./new-value";
import { RotateQuestion } from "./rotate-question";
import { type RotationState, rotationDocument } from "./rotation-state";
import { useRotation } from "./use-rotation";

interface RotateDialogProps {
  tokenId: string;
  name: string;
  onClose: () => void;
  returnFocusTo?: RefObject<HTMLElement | null>;
}

const titleStyle = { title: { fontWeight: 650, overflow: "clip", overflowWrap: "anywhere" } } as const;

/** Gives a token a new value and shows it. Closing the dialog discards the value. */
export function RotateDialog({ tokenId, name, onClose, returnFocusTo }: RotateDialogProps) {
  useFocusBack(returnFocusTo);
  const { data, error, loading, refetch } = useQuery(rotationDocument, {
    variables: { id: tokenId },
    fetchPolicy: "network-only",
    notifyOnNetworkStatusChange: true,
  });
  // The state before the rotation, which changes the cached token.
  const [before, setBefore] = useState<RotationState | null>(null);
  const read = data?.apiToken;
  if (!before && !loading && read?.availableActions.includes("ROTATE")) setBefore(read);

  if (before) return <Rotation tokenId={tokenId} name={name} before={before} onClose={onClose} />;
  return (
    <Frame title={`Rotate ${isolated(name)}`} onClose={onClose}>
      {loading ? (
        <Stack role="status" aria-label="Loading the API token">
          <Skeleton h={48} />
          <Skeleton h={96} />
        </Stack>
      ) : (
        <Text size="sm" role="alert">
          {error
            ? `Couldn’t load the API token. ${errorMessage(error)}`
            : "This API token can no longer be rotated. Someone may have deleted it."}
        </Text>
      )}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        {error && !loading && <Button onClick={() => void refetch().catch(() => undefined)}>Try again</Button>}
      </Group>
    </Frame>
  );
}

interface RotationProps {
  tokenId: string;
  name: string;
  before: RotationState;
  onClose: () => void;
}

function Rotation({ tokenId, name, before, onClose }: RotationProps) {
  const rotation = useRotation(tokenId, before);
  const { phase, pending } = rotation;
  const close = () => {
    if (!pending) onClose();
  };
  if (phase.kind === "done") {
    return (
      <Frame title={`${isolated(name)} has a new value`} onClose={close}>
        <NewValue tokenId={tokenId} masked={before.maskedValue} onClose={close} {...phase} />
      </Frame>
    );
  }
  return (
    <Frame title={`Rotate ${isolated(name)}`} onClose={close}>
      <RotateQuestion before={before} rotation={rotation} onClose={close} />
    </Frame>
  );
}

function Frame({ title, children, onClose }: { title: string; children: ReactNode; onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      centered
      size={540}
      returnFocus={false}
      zIndex={300}
      styles={titleStyle}
    >
      {children}
    </Modal>
  );
}
