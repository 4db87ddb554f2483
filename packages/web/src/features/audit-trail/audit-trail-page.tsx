import { PageLayout } from "../../components/page/page-layout";
import { useCan } from "../session/viewer";
import { AuditTrail } from "./audit-trail";
import { AuditTrailActions } from "./audit-trail-actions";

export function AuditTrailPage() {
  const mayRead = useCan("auditTrail:read");
  return (
    <PageLayout title="Audit trail" actions={mayRead && <AuditTrailActions />}>
      <AuditTrail />
    </PageLayout>
  );
}
