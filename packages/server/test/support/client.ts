import type { RequestErrorCode, UserErrorCode } from "@hallpass/shared";

/** What GraphQL answers, loosely typed: a test asserts what it is about. */
// biome-ignore lint/suspicious/noExplicitAny: the shape of the data is the test's to say.
export type Data = any;

export interface GraphqlError {
  message: string;
  path?: (string | number)[];
  extensions: { code: RequestErrorCode } & Record<string, unknown>;
}

export interface GraphqlAnswer {
  status: number;
  headers: Headers;
  data: Data;
  errors: GraphqlError[];
  /** The whole body as it came. */
  text: string;
}

export interface UserError {
  code: UserErrorCode;
  field: string[] | null;
  message: string;
}

let clients = 0;

/** Somebody with a browser or a program: keeps cookies, and has an address of its own. */
export class Client {
  readonly cookies = new Map<string, string>();
  /** `Set-Cookie` of the last answer that had one. */
  setCookie: string[] = [];

  constructor(
    readonly url: string,
    readonly headers: Record<string, string> = {},
    readonly address = nextAddress(),
  ) {}

  /** The same address and headers, with others added, and no cookies. */
  with(headers: Record<string, string>): Client {
    return new Client(this.url, { ...this.headers, ...headers }, this.address);
  }

  /** The same session in another browser: what becomes of it there does not change this one's cookies. */
  copy(headers: Record<string, string> = {}): Client {
    const copy = this.with(headers);
    for (const [name, value] of this.cookies) copy.cookies.set(name, value);
    return copy;
  }

  async fetch(path: string, init: RequestInit & { headers?: Record<string, string> } = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(new URL(path, this.url), {
      redirect: "manual",
      ...init,
      headers: {
        "X-Forwarded-For": this.address,
        ...(cookie && { Cookie: cookie }),
        ...this.headers,
        ...init.headers,
      },
    });
    const set = answer.headers.getSetCookie();
    if (set.length > 0) this.setCookie = set;
    for (const each of set) this.keep(each);
    return answer;
  }

  /** One GraphQL request, whatever comes of it. */
  async ask(query: string, variables: object = {}): Promise<GraphqlAnswer> {
    return this.askRaw(JSON.stringify({ query, variables }));
  }

  async askRaw(body: string, headers: Record<string, string> = {}): Promise<GraphqlAnswer> {
    const answer = await this.fetch("/graphql", {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body,
    });
    const text = await answer.text();
    const { data = null, errors = [] } = parsed(text);
    return { status: answer.status, headers: answer.headers, data, errors, text };
  }

  /** The data of a GraphQL request that has no errors, nor userErrors. */
  async data(query: string, variables: object = {}): Promise<Data> {
    const { data, errors } = await this.ask(query, variables);
    if (errors.length > 0) throw new Error(`GraphQL answered ${JSON.stringify(errors)}`);
    for (const each of Object.values(data) as Data[])
      if (each?.userErrors?.length) throw new Error(`GraphQL answered ${JSON.stringify(each.userErrors)}`);
    return data;
  }

  /** The single payload of a mutation, without its userErrors, as it came. */
  async mutate(mutation: string, input: object): Promise<Data & { userErrors: UserError[] }> {
    const { data, errors } = await this.ask(mutations[mutation] ?? mutation, { input });
    if (errors.length > 0) throw new Error(`GraphQL answered ${JSON.stringify(errors)}`);
    return Object.values(data)[0];
  }

  private keep(setCookie: string): void {
    const [pair = "", ...attributes] = setCookie.split("; ");
    const [name = "", value = ""] = pair.split(/=(.*)/s);
    const gone = attributes.some((each) => /^(max-age=0|expires=Thu, 01 Jan 1970)/i.test(each));
    if (gone) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** Throttling counts by address: each client has one of its own, behind a proxy that is trusted. */
function nextAddress(): string {
  clients++;
  return `198.18.${Math.floor(clients / 250)}.${(clients % 250) + 1}`;
}

function parsed(text: string): { data?: Data; errors?: GraphqlError[] } {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

const tokenFields = `
  id name description iconUrl status availableActions moduleCount maskedValue createdAt lastAccessAt expiresAt version
  previousValueExpiresAt currentValueLastAccessAt previousValueLastAccessAt
  modules { id name } createdBy { __typename id name } events { kind at by { id name } }`;
const userErrors = "userErrors { code field message }";

const tokenMutation = (name: string, more = "") =>
  `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) {
    ${name}(input: $input) { apiToken { ${tokenFields} } ${more} ${userErrors} }
  }`;

const viewer = "viewer { role actor { __typename id name } account { id name type } accounts { id } }";

/** Documents by the name of their root field. */
export const mutations: Record<string, string> = {
  createApiToken: tokenMutation("createApiToken", "value"),
  updateApiToken: tokenMutation("updateApiToken"),
  enableApiToken: tokenMutation("enableApiToken"),
  disableApiToken: tokenMutation("disableApiToken"),
  deleteApiToken: `mutation ($input: DeleteApiTokenInput!) { deleteApiToken(input: $input) { deletedId ${userErrors} } }`,
  revealApiToken: `mutation ($input: RevealApiTokenInput!) { revealApiToken(input: $input) { value ${userErrors} } }`,
  rotateApiToken: tokenMutation("rotateApiToken", "value"),
  endApiTokenRotation: tokenMutation("endApiTokenRotation"),
  signIn: `mutation ($input: SignInInput!) { signIn(input: $input) { ${viewer} ${userErrors} } }`,
  signOut: `mutation { signOut { ${userErrors} } }`,
  switchAccount: `mutation ($input: SwitchAccountInput!) { switchAccount(input: $input) { ${viewer} ${userErrors} } }`,
};

export const queries = {
  viewer: `{ ${viewer} }`,
  apiToken: `query ($id: ID!) { apiToken(id: $id) { ${tokenFields} } }`,
};
