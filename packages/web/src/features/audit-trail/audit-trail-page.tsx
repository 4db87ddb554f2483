import { PageLayout } from "../../components/page-layout";
import { AuditTrail } from "./audit-trail";

export function AuditTrailPage() {
  return (
    <PageLayout title="Audit trail">
      <AuditTrail />
    </PageLayout>
  );
}
