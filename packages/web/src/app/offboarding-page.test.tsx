import { readFileSync } from "node:fs";
import { waitFor } from "@testing-library/react";
import { renderApp } from "../test/render-app";

const page = readFileSync("../../docs/offboarding.md", "utf8");
const [tokens = "", records = ""] = [...page.matchAll(/`(\/settings\/\S+)`/g)].map(([, url]) => url);

describe("Offboarding guide", () => {
  test("The token link filters by creator", async () => {
    const { server } = renderApp(tokens);
    await waitFor(() =>
      expect(server.lastVariables("ApiTokens")?.filter).toEqual({ and: [{ createdByIds: ["USR-1234-1240"] }] }),
    );
  });

  test("The audit trail link filters by actor and by events that expose a value", async () => {
    const { server } = renderApp(records);
    await waitFor(() =>
      expect(server.lastVariables("AuditTrail")?.filter).toEqual({
        actorIds: ["USR-1234-1240"],
        events: ["api_token.created", "api_token.rotated", "api_token.revealed"],
      }),
    );
  });
});
