import { Button, Group } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { ExportMenu } from "./export/export-menu";

const VerifyDialog = lazy(async () => ({ default: (await import("./verify/verify-dialog")).VerifyDialog }));

/** What one can do with the whole trail. */
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
