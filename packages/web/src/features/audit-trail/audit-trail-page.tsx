export function AuditTrailPage() {
  return <h1>Audit trail</h1>;
}
