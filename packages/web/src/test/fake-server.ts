import { readFileSync } from "node:fs";
import path from "node:path";
import { ApolloLink } from "@apollo/client";
import { accountHeader } from "@hallpass/shared";
import { buildSchema, execute, GraphQLError, validate } from "graphql";
import { Observable } from "rxjs";
import { makeResolvers } from "./fake-resolvers";
import { type FakeState, makeState } from "./fake-state";

const schema = buildSchema(readFileSync(path.join(__dirname, "../../../server/schema.graphql"), "utf8"));

export interface FakeRequest {
  operation: string;
  /** The account in the header, or null. */
  account: string | null;
  variables: Record<string, unknown>;
}

interface Refusal {
  userErrors: { code: string; field: string[] | null; message: string }[];
}

/** How an operation fails until `heal`. "lost": the server performs it, but the response never arrives. */
type Trouble = "offline" | "lost" | { code: string; message?: string } | Refusal | Promise<unknown>;

export interface FakeServer {
  state: FakeState;
  link: ApolloLink;
  /** All requests, oldest first. */
  requests: FakeRequest[];
  /** The variables of an operation’s latest request. */
  lastVariables(operation: string): Record<string, unknown> | undefined;
  /** Makes an operation fail, or wait for the promise, until `heal`. */
  trouble(operation: string, trouble: Trouble): void;
  heal(): void;
}

/**
 * An in-memory GraphQL server with the project’s own schema. graphql-js validates and executes documents, so a page that
 * requests unknown fields fails as it would on the real server.
 */
export function createFakeServer(changes: Partial<FakeState> = {}): FakeServer {
  const state = makeState(changes);
  const requests: FakeRequest[] = [];
  const troubles = new Map<string, Trouble>();

  async function answer(operation: ApolloLink.Operation): Promise<ApolloLink.Result> {
    const name = operation.operationName ?? "";
    const account = accountNamedBy(operation);
    requests.push({ operation: name, account, variables: operation.variables });
    const trouble = troubles.get(name);
    if (trouble instanceof Promise) await trouble;
    else if (trouble === "offline") throw new TypeError("Failed to fetch");
    else if (isRefusal(trouble)) return refuse(operation, name, trouble);
    else if (trouble && trouble !== "lost") return { data: null, errors: [refusal(trouble)] };
    // Wait one turn of the event loop, so that loading states appear.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const faults = validate(schema, operation.query);
    if (faults.length > 0) throw new Error(`${name}: ${faults.map(({ message }) => message).join(" ")}`);
    const result = await executed(operation, account);
    if (trouble === "lost") throw new TypeError("Failed to fetch");
    return JSON.parse(JSON.stringify(result)) as ApolloLink.Result;
  }

  async function executed({ query, variables }: ApolloLink.Operation, account: string | null) {
    const { signedIn, accounts, accountId } = state;
    if (signedIn && account && !accounts.some(({ id }) => id === account)) {
      return { data: null, errors: [refusal({ code: "FORBIDDEN", missingRoleIn: account })] };
    }
    const rootValue = makeResolvers(state, account ?? accountId);
    return execute({ schema, document: query, rootValue, variableValues: variables });
  }

  /** An operation is named after its mutation: CreateApiToken calls createApiToken. */
  async function refuse({ query, variables }: ApolloLink.Operation, name: string, answer: Refusal) {
    const field = name.charAt(0).toLowerCase() + name.slice(1);
    const refused = { [field]: () => answer };
    const result = await execute({ schema, document: query, rootValue: refused, variableValues: variables });
    return JSON.parse(JSON.stringify(result)) as ApolloLink.Result;
  }

  return {
    state,
    requests,
    link: new ApolloLink(
      (operation) =>
        new Observable((observer) => {
          answer(operation).then(
            (result) => {
              observer.next(result);
              observer.complete();
            },
            (error) => observer.error(error),
          );
        }),
    ),
    lastVariables: (operation) => requests.findLast((request) => request.operation === operation)?.variables,
    trouble: (operation, trouble) => void troubles.set(operation, trouble),
    heal: () => troubles.clear(),
  };
}

function accountNamedBy(operation: ApolloLink.Operation): string | null {
  const { headers = {} } = operation.getContext() as { headers?: Record<string, string> };
  return headers[accountHeader] ?? null;
}

function refusal({ message, ...extensions }: { code: string; message?: string; missingRoleIn?: string }) {
  return new GraphQLError(message ?? extensions.code, { extensions }).toJSON();
}

function isRefusal(trouble: Trouble | undefined): trouble is Refusal {
  return typeof trouble === "object" && "userErrors" in trouble;
}
