import { readFileSync } from "node:fs";
import { waitFor } from "@testing-library/react";
import { renderApp } from "../test/render-app";

const page = readFileSync("../../docs/offboarding.md", "utf8");
const [tokens = "", records = ""] = [...page.matchAll(/`(\/settings\/\S+)`/g)].map(([, url]) => url);

describe("The page 'When someone leaves'", () => {
  it("has a URL for the tokens that someone created, even when they are gone", async () => {
    const { server } = renderApp(tokens);
    await waitFor(() =>
      expect(server.lastVariables("ApiTokens")?.filter).toEqual({ and: [{ createdByIds: ["USR-1234-1240"] }] }),
    );
  });

  it("has a URL for the records of values they have seen", async () => {
    const { server } = renderApp(records);
    await waitFor(() =>
      expect(server.lastVariables("AuditTrail")?.filter).toEqual({
        actorIds: ["USR-1234-1240"],
        events: ["api_token.created", "api_token.rotated", "api_token.revealed"],
      }),
    );
  });
});
