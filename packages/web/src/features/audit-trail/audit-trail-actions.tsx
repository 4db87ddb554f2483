import { Button, Group } from "@mantine/core";
import { Suspense, useState } from "react";
import { lazyPart } from "../../lib/lazy-part";
import { ExportMenu } from "./export/export-menu";

const VerifyDialog = lazyPart(async () => (await import("./verify/verify-dialog")).VerifyDialog);

/** Actions on the whole trail. */
export function AuditTrailActions() {
  const [verifying, setVerifying] = useState(false);
  return (
    <Group gap="sm" wrap="nowrap">
      <Button variant="default" onClick={() => setVerifying(true)}>
        Verify
      </Button>
      <ExportMenu />
      {verifying && (
        <Suspense>
          <VerifyDialog onClose={() => setVerifying(false)} />
        </Suspense>
      )}
    </Group>
  );
}
