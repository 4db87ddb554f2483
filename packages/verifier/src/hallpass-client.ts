import {
  type ChangesAnswer,
  type ChangesRequest,
  type TokensAnswer,
  type TokensRequest,
  Undecided,
  type UsageRequest,
  verifierPaths,
} from "@hallpass/shared/check";

/** Hallpass has answered with an error. */
export class Refused extends Undecided {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** The requests of a verifier to Hallpass. Each throws Undecided if it fails, Refused if Hallpass has answered. */
export interface HallpassClient {
  tokens(request: TokensRequest): Promise<TokensAnswer>;
  changes(request: ChangesRequest): Promise<ChangesAnswer>;
  usage(request: UsageRequest): Promise<void>;
}

export function createHallpassClient(url: string, token: string, timeoutMs: number): HallpassClient {
  async function post(path: string, body: object): Promise<Response> {
    const response = await fetch(new URL(path, url), {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((error: Error) => {
      throw new Undecided(`Hallpass cannot be reached at ${path}: ${error.message}`, { cause: error });
    });
    if (response.ok) return response;
    throw new Refused(`Hallpass answered ${path} with ${response.status}${await detailOf(response)}.`, response.status);
  }
  return {
    tokens: async (request) => read(await post(verifierPaths.tokens, request)),
    changes: async (request) => read(await post(verifierPaths.changes, request)),
    usage: async (request) => void (await post(verifierPaths.usage, request)),
  };
}

async function read<Answer>(response: Response): Promise<Answer> {
  try {
    return (await response.json()) as Answer;
  } catch (error) {
    throw new Undecided("Hallpass’s answer cannot be read.", { cause: error });
  }
}

/** What the problem document says. */
async function detailOf(response: Response): Promise<string> {
  const problem = (await response.json().catch(() => null)) as { detail?: unknown } | null;
  return typeof problem?.detail === "string" ? `: ${problem.detail.replace(/\.$/, "")}` : "";
}
