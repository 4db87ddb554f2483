import type { RequestErrorCode, UserErrorCode } from "@hallpass/shared";

/** GraphQL data, loosely typed. */
// biome-ignore lint/suspicious/noExplicitAny: tests assert the shape of the data.
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
  /** The raw body. */
  text: string;
}

export interface UserError {
  code: UserErrorCode;
  field: string[] | null;
  message: string;
}

let clients = 0;

/** A browser or program with its own cookies and IP address. */
export class Client {
  readonly cookies = new Map<string, string>();
  /** `Set-Cookie` of the last response that had one. */
  setCookie: string[] = [];

  constructor(
    readonly url: string,
    readonly headers: Record<string, string> = {},
    readonly address = nextAddress(),
  ) {}

  /** A client with the same IP address and additional headers, but no cookies. */
  with(headers: Record<string, string>): Client {
    return new Client(this.url, { ...this.headers, ...headers }, this.address);
  }

  /** The same session in another browser, whose changes do not affect this one's cookies. */
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

  /** Sends a GraphQL request, which may fail. */
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

  /** The data of a GraphQL request. Throws if it has errors or userErrors. */
  async data(query: string, variables: object = {}): Promise<Data> {
    const { data, errors } = await this.ask(query, variables);
    if (errors.length > 0) throw new Error(`GraphQL answered ${JSON.stringify(errors)}`);
    for (const each of Object.values(data) as Data[])
      if (each?.userErrors?.length) throw new Error(`GraphQL answered ${JSON.stringify(each.userErrors)}`);
    return data;
  }

  /** The payload of a mutation, including userErrors. Throws if it has errors. */
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

/** Limits count by IP address, so each client has its own, behind a trusted proxy. */
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

const savedView = "savedView { id list name query shared isDefault }";
const viewMutation = (name: string, result: string) =>
  `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${result} ${userErrors} } }`;

const viewer = "viewer { role actor { __typename id name } account { id name type } accounts { id } }";

const webhookFields = "id url events enabled createdAt";
export const deliveryFields = "id messageId event status attempts nextAttemptAt lastAttemptAt responseStatus response";

/** Documents by root field. */
export const mutations: Record<string, string> = {
  createApiToken: tokenMutation("createApiToken", "value"),
  updateApiToken: tokenMutation("updateApiToken"),
  enableApiToken: tokenMutation("enableApiToken"),
  disableApiToken: tokenMutation("disableApiToken"),
  deleteApiToken: `mutation ($input: DeleteApiTokenInput!) { deleteApiToken(input: $input) { deletedId ${userErrors} } }`,
  revealApiToken: `mutation ($input: RevealApiTokenInput!) { revealApiToken(input: $input) { value ${userErrors} } }`,
  rotateApiToken: tokenMutation("rotateApiToken", "value"),
  endApiTokenRotation: tokenMutation("endApiTokenRotation"),
  createSavedView: viewMutation("createSavedView", savedView),
  updateSavedView: viewMutation("updateSavedView", savedView),
  deleteSavedView: viewMutation("deleteSavedView", "deletedId"),
  signIn: `mutation ($input: SignInInput!) { signIn(input: $input) { ${viewer} ${userErrors} } }`,
  signOut: `mutation { signOut { ${userErrors} } }`,
  updateAccountPolicy: `mutation ($input: UpdateAccountPolicyInput!) { updateAccountPolicy(input: $input) {
    policy { maxLifetimeDays expiryRequired ipRangesRequired valuesShownOnce recentSignInRequired } ${userErrors} } }`,
  createWebhook: `mutation ($input: CreateWebhookInput!) {
    createWebhook(input: $input) { webhook { ${webhookFields} } secret ${userErrors} } }`,
  updateWebhook: `mutation ($input: UpdateWebhookInput!) {
    updateWebhook(input: $input) { webhook { ${webhookFields} } ${userErrors} } }`,
  deleteWebhook: `mutation ($input: WebhookIdInput!) { deleteWebhook(input: $input) { deletedId ${userErrors} } }`,
  rotateWebhookSecret: `mutation ($input: WebhookIdInput!) { rotateWebhookSecret(input: $input) { secret ${userErrors} } }`,
  testWebhook: `mutation ($input: WebhookIdInput!) {
    testWebhook(input: $input) { delivery { ${deliveryFields} } ${userErrors} } }`,
  resendWebhookDelivery: `mutation ($input: WebhookDeliveryIdInput!) {
    resendWebhookDelivery(input: $input) { delivery { ${deliveryFields} } ${userErrors} } }`,
  endSessions: `mutation ($input: EndSessionsInput!) { endSessions(input: $input) { endedIds ${userErrors} } }`,
  changePassword: `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { ${userErrors} } }`,
  switchAccount: `mutation ($input: SwitchAccountInput!) { switchAccount(input: $input) { ${viewer} ${userErrors} } }`,
};

export const queries = {
  viewer: `{ ${viewer} }`,
  apiToken: `query ($id: ID!) { apiToken(id: $id) { ${tokenFields} } }`,
};
