import { useApolloClient } from "@apollo/client/react";
import { useEffect, useRef, useState } from "react";
import { graphql } from "../../../gql/gql";
import type { AuditHeadInput, VerifyAuditTrailQuery } from "../../../gql/graphql";

const verifyDocument = graphql(/* GraphQL */ `
  query VerifyAuditTrail($noted: AuditHeadInput) {
    auditTrailVerification(noted: $noted) {
      records
      archivedRecords
      head {
        sequence
        hash
        keyId
        signature
      }
      headSignature
      fault {
        sequence
        message
        record {
          id
        }
      }
    }
  }
`);

export type Verification = VerifyAuditTrailQuery["auditTrailVerification"];

export type VerificationState =
  | { kind: "idle" | "pending" }
  | { kind: "done"; verification: Verification; noted: AuditHeadInput | null }
  | { kind: "failed"; error: unknown };

/** Long trails take about a second per 50,000 records. */
const timeLimit = 10 * 60_000;

/** Runs one verification at a time. Closing the dialog cancels it. */
export function useVerification() {
  const client = useApolloClient();
  const [state, setState] = useState<VerificationState>({ kind: "idle" });
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function verify(noted: AuditHeadInput | null) {
    setState({ kind: "pending" });
    running.current = new AbortController();
    const { signal } = running.current;
    try {
      const { data, error } = await client.query({
        query: verifyDocument,
        variables: { noted },
        fetchPolicy: "no-cache",
        // Report a mismatch even if its record can’t be read.
        errorPolicy: "all",
        context: { fetchOptions: { signal, timeLimit } },
      });
      if (!data?.auditTrailVerification) throw error;
      setState({ kind: "done", verification: data.auditTrailVerification, noted });
    } catch (error) {
      if (!signal.aborted) setState({ kind: "failed", error });
    }
  }

  return { state, verify, reset: () => setState({ kind: "idle" }) };
}
