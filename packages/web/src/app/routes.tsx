import type { ApolloClient } from "@apollo/client";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  type RouterHistory,
  redirect,
} from "@tanstack/react-router";
import { type DetailsTab, detailsTabs } from "../features/api-tokens/details/details-tab";
import { ApiTokensPage } from "../features/api-tokens/list/api-tokens-page";
import { takeStart } from "../features/api-tokens/list/start-query";
import { AppLayout } from "../features/app-shell/app-layout";
import { NotFoundPage, PageFailed, PagePending } from "../features/app-shell/fallback-pages";
import { enterAccount } from "../features/session/enter-account";
import type { TabSession } from "../features/session/tab-session";
import { readViewer } from "../features/session/viewer";
import { accountIn, inAccount, withoutAccount } from "../lib/account-url";
import { parseSearchParams, type SearchParams, stringifySearchParams } from "../lib/search-params";

export interface RouterContext {
  client: ApolloClient;
  session: TabSession;
}

const root = createRootRouteWithContext<RouterContext>()({ notFoundComponent: NotFoundPage });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/api-tokens" });
  },
});

interface SignInSearch {
  /** The page to show afterwards. */
  redirect?: string | undefined;
  /** Why the last sign-in with the identity provider failed. */
  problem?: string | undefined;
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): SignInSearch => ({
    redirect: isOwnPath(search.redirect) ? search.redirect : undefined,
    problem: typeof search.problem === "string" ? search.problem : undefined,
  }),
  beforeLoad: async ({ context, search }) => {
    // If the viewer can’t be loaded, show the form.
    const viewer = await readViewer(context.client).catch(() => null);
    if (viewer) throw redirect({ href: search.redirect ?? "/settings/api-tokens" });
  },
  component: lazyRouteComponent(() => import("../features/sign-in/sign-in-page"), "SignInPage"),
});

/** Pages that require a signed-in user. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  beforeLoad: async ({ context: { client, session }, location }) => {
    await takeStart(client);
    const viewer = await enterAccount(client, session, accountIn(location.publicHref));
    if (!viewer) throw redirect({ to: "/sign-in", search: { redirect: location.publicHref } });
    if ("accountId" in viewer) throw notFound({ data: viewer });
  },
  component: AppLayout,
});

/** The grid parses its own parameters and ignores invalid ones. */
const anySearch = (search: Record<string, unknown>): SearchParams => search as SearchParams;

/** The Add dialog has its own URL above the same list, so the list keeps its state. */
const apiTokens = createRoute({
  getParentRoute: () => signedIn,
  id: "api-tokens",
  validateSearch: anySearch,
  component: ApiTokensPage,
});

const apiTokensList = createRoute({ getParentRoute: () => apiTokens, path: "/settings/api-tokens" });

const apiTokensAdd = createRoute({
  getParentRoute: () => apiTokens,
  path: "/settings/api-tokens/add",
  component: lazyRouteComponent(() => import("../features/api-tokens/list/add-route"), "AddRoute"),
});

const apiTokenDetails = createRoute({
  getParentRoute: () => signedIn,
  path: "/settings/api-tokens/$tokenId/{-$tab}",
  validateSearch: anySearch,
  beforeLoad: ({ params }) => {
    if (params.tab !== undefined && !detailsTabs.slice(1).includes(params.tab as DetailsTab)) throw notFound();
  },
  component: lazyRouteComponent(() => import("../features/api-tokens/list/details-route"), "DetailsRoute"),
});

const auditTrail = createRoute({
  getParentRoute: () => signedIn,
  path: "/settings/audit-trail",
  validateSearch: anySearch,
  component: lazyRouteComponent(() => import("../features/audit-trail/audit-trail-page"), "AuditTrailPage"),
});

const policy = createRoute({
  getParentRoute: () => signedIn,
  path: "/settings/policy",
  component: lazyRouteComponent(() => import("../features/policy/policy-page"), "PolicyPage"),
});

const webhooks = createRoute({
  getParentRoute: () => signedIn,
  path: "/settings/webhooks",
  component: lazyRouteComponent(() => import("../features/webhooks/webhooks-page"), "WebhooksPage"),
});

const profile = createRoute({
  getParentRoute: () => signedIn,
  path: "/settings/profile",
  component: lazyRouteComponent(() => import("../features/profile/profile-page"), "ProfilePage"),
});

const routeTree = root.addChildren([
  home,
  signIn,
  signedIn.addChildren([
    apiTokens.addChildren([apiTokensList, apiTokensAdd]),
    apiTokenDetails,
    auditTrail,
    policy,
    webhooks,
    profile,
  ]),
]);

export function createAppRouter(context: RouterContext, history?: RouterHistory) {
  return createRouter({
    routeTree,
    context,
    ...(history && { history }),
    // Pages’ URLs begin with the tab’s account. Routes and links are written without it.
    rewrite: {
      input({ url }) {
        url.pathname = withoutAccount(url.pathname);
        return url;
      },
      output({ url }) {
        const { accountId } = context.session;
        if (accountId && url.pathname.startsWith("/settings/")) url.pathname = inAccount(accountId, url.pathname);
        return url;
      },
    },
    parseSearch: parseSearchParams,
    stringifySearch: stringifySearchParams,
    defaultNotFoundComponent: NotFoundPage,
    defaultErrorComponent: PageFailed,
    defaultPendingComponent: PagePending,
    defaultPreload: "intent",
    scrollRestoration: false,
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;

declare module "@tanstack/react-router" {
  interface Register {
    router: AppRouter;
  }
}

/** Accepts only paths on this site, so that `?redirect=//elsewhere` is ignored after sign-in. */
function isOwnPath(value: unknown): value is string {
  return typeof value === "string" && /^\/(?![/\\])/.test(value);
}
