/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  mutation SwitchAccount($input: SwitchAccountInput!) {\n    switchAccount(input: $input) {\n      viewer {\n        role\n        actor {\n          id\n          name\n        }\n        account {\n          id\n          name\n          type\n        }\n        accounts {\n          id\n          name\n          type\n        }\n        ...ViewerSavedViews\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SwitchAccountDocument,
    "\n  mutation SignOut {\n    signOut {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SignOutDocument,
    "\n  fragment ApiTokenActions on ApiToken {\n    id\n    name\n    status\n    availableActions\n  }\n": typeof types.ApiTokenActionsFragmentDoc,
    "\n  query MatchingApiTokens($first: Int!, $after: String, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]) {\n    apiTokens(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.MatchingApiTokensDocument,
    "\n  query SelectedApiTokens($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      id\n      ... on ApiToken {\n        name\n        availableActions\n        lastAccessAt\n      }\n    }\n  }\n": typeof types.SelectedApiTokensDocument,
    "\n  fragment ApiTokenDatesTab on ApiToken {\n    id\n    lastAccessAt\n    expiresAt\n    events {\n      kind\n      at\n      by {\n        id\n        name\n      }\n    }\n  }\n": typeof types.ApiTokenDatesTabFragmentDoc,
    "\n  fragment ApiTokenDetailsHeader on ApiToken {\n    id\n    name\n    iconUrl\n    status\n    expiresAt\n    availableActions\n    ...ApiTokenActions\n  }\n": typeof types.ApiTokenDetailsHeaderFragmentDoc,
    "\n  query ApiTokenDetails($id: ID!) {\n    apiToken(id: $id) {\n      id\n      name\n      ...ApiTokenDetailsHeader\n      ...ApiTokenSummaryCard\n      ...ApiTokenGeneralTab\n      ...ApiTokenModulesTab\n      ...ApiTokenDatesTab\n    }\n  }\n": typeof types.ApiTokenDetailsDocument,
    "\n  fragment ApiTokenGeneralTab on ApiToken {\n    id\n    name\n    status\n    description\n    endpoint\n    maskedValue\n    ipRanges\n    rateLimit {\n      requests\n      perSeconds\n    }\n    availableActions\n    previousValueExpiresAt\n  }\n": typeof types.ApiTokenGeneralTabFragmentDoc,
    "\n  fragment ApiTokenModulesTab on ApiToken {\n    id\n    modules {\n      id\n      name\n      description\n    }\n  }\n": typeof types.ApiTokenModulesTabFragmentDoc,
    "\n  fragment ApiTokenSummaryCard on ApiToken {\n    id\n    lastAccessAt\n    lastAccessIp\n    activeDescendantCount\n    account {\n      id\n      name\n    }\n  }\n": typeof types.ApiTokenSummaryCardFragmentDoc,
    "\n  query EditableApiToken($id: ID!) {\n    apiToken(id: $id) {\n      id\n      name\n      description\n      iconUrl\n      expiresAt\n      ipRanges\n      rateLimit {\n        requests\n        perSeconds\n      }\n      version\n      availableActions\n      modules {\n        id\n        name\n        description\n      }\n      events {\n        kind\n        at\n        by {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.EditableApiTokenDocument,
    "\n  query ExportedApiTokens($first: Int!, $after: String, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]) {\n    apiTokens(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n        name\n        description\n        status\n        createdAt\n        lastAccessAt\n        expiresAt\n        createdBy {\n          id\n          name\n        }\n        modules {\n          id\n          name\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ExportedApiTokensDocument,
    "\n  query ApiTokenFirstUse($id: ID!) {\n    apiToken(id: $id) {\n      id\n      status\n      lastAccessAt\n      lastAccessIp\n      expiresAt\n    }\n  }\n": typeof types.ApiTokenFirstUseDocument,
    "\n  query ModulesOfAccount {\n    modules {\n      id\n      name\n      description\n    }\n  }\n": typeof types.ModulesOfAccountDocument,
    "\n  query ApiTokenImpact($id: ID!) {\n    apiToken(id: $id) {\n      id\n      activeDescendantCount\n      lastAccessAt\n      lastAccessIp\n      lastAccessUserAgent\n      usage(days: 7) {\n        day\n        allowed\n        denied\n      }\n    }\n  }\n": typeof types.ApiTokenImpactDocument,
    "\n  query ApiTokenFilterOptions {\n    modules {\n      id\n      name\n    }\n    users {\n      id\n      name\n    }\n  }\n": typeof types.ApiTokenFilterOptionsDocument,
    "\n  query ApiTokens($first: Int!, $offset: Int!, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]) {\n    apiTokens(first: $first, offset: $offset, filter: $filter, orderBy: $orderBy) {\n      total: countUpTo\n      nodes {\n        id\n        name\n        ...ApiTokenListIdentity\n        ...ApiTokenListModules\n        ...ApiTokenListFacts\n        ...ApiTokenActions\n      }\n    }\n  }\n": typeof types.ApiTokensDocument,
    "\n  fragment ApiTokenListFacts on ApiToken {\n    description\n    createdBy {\n      id\n      name\n    }\n    createdAt\n    lastAccessAt\n    expiresAt\n    status\n    previousValueExpiresAt\n  }\n": typeof types.ApiTokenListFactsFragmentDoc,
    "\n  fragment ApiTokenListIdentity on ApiToken {\n    id\n    name\n    iconUrl\n  }\n": typeof types.ApiTokenListIdentityFragmentDoc,
    "\n  fragment ApiTokenListModules on ApiToken {\n    moduleCount\n    modules {\n      id\n      name\n    }\n  }\n": typeof types.ApiTokenListModulesFragmentDoc,
    "\n  query LiveApiTokens($ids: [ID!]!, $filter: ApiTokenFilter) {\n    nodes(ids: $ids) {\n      id\n      ... on ApiToken {\n        id\n        name\n        ...ApiTokenListIdentity\n        ...ApiTokenListModules\n        ...ApiTokenListFacts\n        ...ApiTokenActions\n      }\n    }\n    newest: apiTokens(first: 1, filter: $filter) {\n      total: countUpTo\n      nodes {\n        id\n      }\n    }\n  }\n": typeof types.LiveApiTokensDocument,
    "\n  query ApiTokenViewCounts(\n    $neverUsed: ApiTokenFilter\n    $idle: ApiTokenFilter\n    $noExpiry: ApiTokenFilter\n    $expiring: ApiTokenFilter\n    $disabled: ApiTokenFilter\n  ) {\n    neverUsed: apiTokens(first: 1, filter: $neverUsed) {\n      total: countUpTo\n    }\n    idle: apiTokens(first: 1, filter: $idle) {\n      total: countUpTo\n    }\n    noExpiry: apiTokens(first: 1, filter: $noExpiry) {\n      total: countUpTo\n    }\n    expiring: apiTokens(first: 1, filter: $expiring) {\n      total: countUpTo\n    }\n    disabled: apiTokens(first: 1, filter: $disabled) {\n      total: countUpTo\n    }\n  }\n": typeof types.ApiTokenViewCountsDocument,
    "\n  query Start($first: Int!, $offset: Int!, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]) {\n    viewer {\n      role\n      actor {\n        id\n        name\n      }\n      account {\n        id\n        name\n        type\n      }\n      accounts {\n        id\n        name\n        type\n      }\n      ...ViewerSavedViews\n    }\n    apiTokens(first: $first, offset: $offset, filter: $filter, orderBy: $orderBy) {\n      total: countUpTo\n      nodes {\n        id\n        name\n        ...ApiTokenListIdentity\n        ...ApiTokenListModules\n        ...ApiTokenListFacts\n        ...ApiTokenActions\n      }\n    }\n  }\n": typeof types.StartDocument,
    "\n  fragment BulkResult on BulkApiTokensPayload {\n    results {\n      id\n      apiToken {\n        id\n        status\n        availableActions\n        version\n        expiresAt\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n    userErrors {\n      message\n    }\n  }\n": typeof types.BulkResultFragmentDoc,
    "\n    mutation EnableApiTokens($input: BulkApiTokensInput!) {\n      answer: enableApiTokens(input: $input) {\n        ...BulkResult\n      }\n    }\n  ": typeof types.EnableApiTokensDocument,
    "\n    mutation DisableApiTokens($input: BulkApiTokensInput!) {\n      answer: disableApiTokens(input: $input) {\n        ...BulkResult\n      }\n    }\n  ": typeof types.DisableApiTokensDocument,
    "\n    mutation DeleteApiTokens($input: BulkApiTokensInput!) {\n      answer: deleteApiTokens(input: $input) {\n        ...BulkResult\n      }\n    }\n  ": typeof types.DeleteApiTokensDocument,
    "\n  mutation SetExpiryOfApiTokens($input: BulkUpdateApiTokensInput!) {\n    answer: updateApiTokens(input: $input) {\n      ...BulkResult\n    }\n  }\n": typeof types.SetExpiryOfApiTokensDocument,
    "\n  fragment ApiTokenChanged on ApiToken {\n    id\n    status\n    availableActions\n    version\n    events {\n      kind\n      at\n      by {\n        id\n        name\n      }\n    }\n  }\n": typeof types.ApiTokenChangedFragmentDoc,
    "\n  fragment DisabledDescendant on ApiToken {\n    id\n    status\n    availableActions\n    version\n  }\n": typeof types.DisabledDescendantFragmentDoc,
    "\n  mutation CreateApiToken($input: CreateApiTokenInput!) {\n    createApiToken(input: $input) {\n      apiToken {\n        id\n        name\n        endpoint\n        maskedValue\n      }\n      value\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": typeof types.CreateApiTokenDocument,
    "\n  mutation UpdateApiToken($input: UpdateApiTokenInput!) {\n    updateApiToken(input: $input) {\n      apiToken {\n        ...ApiTokenChanged\n        name\n        description\n        iconUrl\n        expiresAt\n        ipRanges\n        rateLimit {\n          requests\n          perSeconds\n        }\n        moduleCount\n        modules {\n          id\n          name\n          description\n        }\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": typeof types.UpdateApiTokenDocument,
    "\n  mutation EnableApiToken($input: EnableApiTokenInput!) {\n    enableApiToken(input: $input) {\n      apiToken {\n        ...ApiTokenChanged\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": typeof types.EnableApiTokenDocument,
    "\n  mutation DisableApiToken($input: DisableApiTokenInput!) {\n    disableApiToken(input: $input) {\n      apiToken {\n        ...ApiTokenChanged\n        activeDescendantCount\n      }\n      disabledDescendants {\n        id\n        ...DisabledDescendant\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": typeof types.DisableApiTokenDocument,
    "\n  mutation DeleteApiToken($input: DeleteApiTokenInput!) {\n    deleteApiToken(input: $input) {\n      deletedId\n      disabledDescendants {\n        id\n        ...DisabledDescendant\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": typeof types.DeleteApiTokenDocument,
    "\n  mutation RotateApiToken($input: RotateApiTokenInput!) {\n    rotateApiToken(input: $input) {\n      apiToken {\n        id\n        maskedValue\n        previousValueExpiresAt\n      }\n      value\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": typeof types.RotateApiTokenDocument,
    "\n  mutation EndApiTokenRotation($input: EndApiTokenRotationInput!) {\n    endApiTokenRotation(input: $input) {\n      apiToken {\n        ...ApiTokenChanged\n        previousValueExpiresAt\n        previousValueLastAccessAt\n        currentValueLastAccessAt\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": typeof types.EndApiTokenRotationDocument,
    "\n  mutation RevealApiToken($input: RevealApiTokenInput!) {\n    revealApiToken(input: $input) {\n      value\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": typeof types.RevealApiTokenDocument,
    "\n  query ApiTokenRotation($id: ID!) {\n    apiToken(id: $id) {\n      id\n      status\n      version\n      availableActions\n      maskedValue\n      lastAccessAt\n      previousValueExpiresAt\n      previousValueLastAccessAt\n      currentValueLastAccessAt\n      events {\n        kind\n        at\n        by {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.ApiTokenRotationDocument,
    "\n  query ApiTokenUsage($id: ID!, $days: Int!) {\n    apiToken(id: $id) {\n      id\n      status\n      lastAccessAt\n      lastAccessIp\n      lastAccessUserAgent\n      usage(days: $days) {\n        day\n        allowed\n        denied\n      }\n    }\n  }\n": typeof types.ApiTokenUsageDocument,
    "\n  query RecentSignIn {\n    viewer {\n      authenticatedAt\n    }\n  }\n": typeof types.RecentSignInDocument,
    "\n  fragment AuditRecordRow on AuditRecord {\n    id\n    at\n    event\n    summary\n    objectId\n    objectName\n    actor {\n      id\n      name\n    }\n    ip\n    userAgent\n    details\n  }\n": typeof types.AuditRecordRowFragmentDoc,
    "\n  query AuditFilterPeople {\n    users {\n      id\n      name\n    }\n  }\n": typeof types.AuditFilterPeopleDocument,
    "\n  query AuditTrail($first: Int!, $offset: Int!, $filter: AuditRecordFilter, $orderBy: AuditRecordOrder) {\n    auditTrail(first: $first, offset: $offset, filter: $filter, orderBy: $orderBy) {\n      total: countUpTo\n      nodes {\n        id\n        ...AuditRecordRow\n      }\n    }\n  }\n": typeof types.AuditTrailDocument,
    "\n  query AuditRecord($id: ID!) {\n    node(id: $id) {\n      id\n      ... on AuditRecord {\n        sequence\n        ...AuditRecordRow\n      }\n    }\n  }\n": typeof types.AuditRecordDocument,
    "\n  query VerifyAuditTrail($noted: AuditHeadInput) {\n    auditTrailVerification(noted: $noted) {\n      records\n      archivedRecords\n      head {\n        sequence\n        hash\n        keyId\n        signature\n      }\n      headSignature\n      fault {\n        sequence\n        message\n        record {\n          id\n        }\n      }\n    }\n  }\n": typeof types.VerifyAuditTrailDocument,
    "\n  query PaletteTokens($search: String!) {\n    apiTokens(first: 8, filter: { search: $search }) {\n      nodes {\n        id\n        name\n        status\n        availableActions\n      }\n    }\n  }\n": typeof types.PaletteTokensDocument,
    "\n  query TokensBreakingPolicy($filter: ApiTokenFilter) {\n    apiTokens(first: 100, filter: $filter) {\n      total: countUpTo\n      nodes {\n        id\n        name\n        expiresAt\n        ipRanges\n      }\n    }\n  }\n": typeof types.TokensBreakingPolicyDocument,
    "\n  mutation UpdateAccountPolicy($input: UpdateAccountPolicyInput!) {\n    updateAccountPolicy(input: $input) {\n      policy {\n        maxLifetimeDays\n        idleDays\n        expiryRequired\n        ipRangesRequired\n        valuesShownOnce\n        recentSignInRequired\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.UpdateAccountPolicyDocument,
    "\n  query AccountPolicy {\n    accountPolicy {\n      maxLifetimeDays\n      idleDays\n      expiryRequired\n      ipRangesRequired\n      valuesShownOnce\n      recentSignInRequired\n    }\n  }\n": typeof types.AccountPolicyDocument,
    "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      userErrors {\n        field\n        message\n      }\n    }\n  }\n": typeof types.ChangePasswordDocument,
    "\n  query Profile {\n    viewer {\n      actor {\n        id\n        name\n        ... on User {\n          email\n        }\n      }\n      hasPassword\n      sessions {\n        id\n        ...SessionsTable\n      }\n    }\n  }\n": typeof types.ProfileDocument,
    "\n  fragment SessionsTable on Session {\n    id\n    isCurrent\n    createdAt\n    lastSeenAt\n    ip\n    userAgent\n  }\n": typeof types.SessionsTableFragmentDoc,
    "\n  mutation EndSessions($input: EndSessionsInput!) {\n    endSessions(input: $input) {\n      endedIds\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.EndSessionsDocument,
    "\n  mutation CreateSavedView($input: CreateSavedViewInput!) {\n    createSavedView(input: $input) {\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": typeof types.CreateSavedViewDocument,
    "\n  mutation UpdateSavedView($input: UpdateSavedViewInput!) {\n    updateSavedView(input: $input) {\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": typeof types.UpdateSavedViewDocument,
    "\n  mutation DeleteSavedView($input: DeleteSavedViewInput!) {\n    deleteSavedView(input: $input) {\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": typeof types.DeleteSavedViewDocument,
    "\n  fragment ViewerSavedViews on Viewer {\n    savedViews {\n      id\n      list\n      name\n      query\n      shared\n      isDefault\n    }\n  }\n": typeof types.ViewerSavedViewsFragmentDoc,
    "\n  query Viewer {\n    viewer {\n      role\n      actor {\n        id\n        name\n      }\n      account {\n        id\n        name\n        type\n      }\n      accounts {\n        id\n        name\n        type\n      }\n      ...ViewerSavedViews\n    }\n  }\n": typeof types.ViewerDocument,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      viewer {\n        role\n        actor {\n          id\n          name\n        }\n        account {\n          id\n          name\n          type\n        }\n        accounts {\n          id\n          name\n          type\n        }\n        ...ViewerSavedViews\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": typeof types.SignInDocument,
    "\n  query SignInMethods {\n    signInMethods\n  }\n": typeof types.SignInMethodsDocument,
    "\n  query Webhooks {\n    webhooks {\n      id\n      url\n      events\n      enabled\n      createdAt\n      deliveries(first: 20) {\n        id\n        messageId\n        event\n        status\n        attempts\n        createdAt\n        nextAttemptAt\n        lastAttemptAt\n        responseStatus\n        response\n      }\n    }\n  }\n": typeof types.WebhooksDocument,
    "\n  mutation CreateWebhook($input: CreateWebhookInput!) {\n    createWebhook(input: $input) {\n      webhook {\n        id\n      }\n      secret\n      userErrors {\n        field\n        message\n      }\n    }\n  }\n": typeof types.CreateWebhookDocument,
    "\n  mutation UpdateWebhook($input: UpdateWebhookInput!) {\n    updateWebhook(input: $input) {\n      webhook {\n        id\n        url\n        events\n        enabled\n      }\n      userErrors {\n        field\n        message\n      }\n    }\n  }\n": typeof types.UpdateWebhookDocument,
    "\n  mutation DeleteWebhook($input: WebhookIdInput!) {\n    deleteWebhook(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.DeleteWebhookDocument,
    "\n  mutation RotateWebhookSecret($input: WebhookIdInput!) {\n    rotateWebhookSecret(input: $input) {\n      secret\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.RotateWebhookSecretDocument,
    "\n  mutation TestWebhook($input: WebhookIdInput!) {\n    testWebhook(input: $input) {\n      delivery {\n        id\n        status\n        responseStatus\n        response\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.TestWebhookDocument,
    "\n  mutation ResendWebhookDelivery($input: WebhookDeliveryIdInput!) {\n    resendWebhookDelivery(input: $input) {\n      delivery {\n        id\n        status\n        attempts\n        nextAttemptAt\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.ResendWebhookDeliveryDocument,
};
const documents: Documents = {
    "\n  mutation SwitchAccount($input: SwitchAccountInput!) {\n    switchAccount(input: $input) {\n      viewer {\n        role\n        actor {\n          id\n          name\n        }\n        account {\n          id\n          name\n          type\n        }\n        accounts {\n          id\n          name\n          type\n        }\n        ...ViewerSavedViews\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SwitchAccountDocument,
    "\n  mutation SignOut {\n    signOut {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SignOutDocument,
    "\n  fragment ApiTokenActions on ApiToken {\n    id\n    name\n    status\n    availableActions\n  }\n": types.ApiTokenActionsFragmentDoc,
    "\n  query MatchingApiTokens($first: Int!, $after: String, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]) {\n    apiTokens(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.MatchingApiTokensDocument,
    "\n  query SelectedApiTokens($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      id\n      ... on ApiToken {\n        name\n        availableActions\n        lastAccessAt\n      }\n    }\n  }\n": types.SelectedApiTokensDocument,
    "\n  fragment ApiTokenDatesTab on ApiToken {\n    id\n    lastAccessAt\n    expiresAt\n    events {\n      kind\n      at\n      by {\n        id\n        name\n      }\n    }\n  }\n": types.ApiTokenDatesTabFragmentDoc,
    "\n  fragment ApiTokenDetailsHeader on ApiToken {\n    id\n    name\n    iconUrl\n    status\n    expiresAt\n    availableActions\n    ...ApiTokenActions\n  }\n": types.ApiTokenDetailsHeaderFragmentDoc,
    "\n  query ApiTokenDetails($id: ID!) {\n    apiToken(id: $id) {\n      id\n      name\n      ...ApiTokenDetailsHeader\n      ...ApiTokenSummaryCard\n      ...ApiTokenGeneralTab\n      ...ApiTokenModulesTab\n      ...ApiTokenDatesTab\n    }\n  }\n": types.ApiTokenDetailsDocument,
    "\n  fragment ApiTokenGeneralTab on ApiToken {\n    id\n    name\n    status\n    description\n    endpoint\n    maskedValue\n    ipRanges\n    rateLimit {\n      requests\n      perSeconds\n    }\n    availableActions\n    previousValueExpiresAt\n  }\n": types.ApiTokenGeneralTabFragmentDoc,
    "\n  fragment ApiTokenModulesTab on ApiToken {\n    id\n    modules {\n      id\n      name\n      description\n    }\n  }\n": types.ApiTokenModulesTabFragmentDoc,
    "\n  fragment ApiTokenSummaryCard on ApiToken {\n    id\n    lastAccessAt\n    lastAccessIp\n    activeDescendantCount\n    account {\n      id\n      name\n    }\n  }\n": types.ApiTokenSummaryCardFragmentDoc,
    "\n  query EditableApiToken($id: ID!) {\n    apiToken(id: $id) {\n      id\n      name\n      description\n      iconUrl\n      expiresAt\n      ipRanges\n      rateLimit {\n        requests\n        perSeconds\n      }\n      version\n      availableActions\n      modules {\n        id\n        name\n        description\n      }\n      events {\n        kind\n        at\n        by {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.EditableApiTokenDocument,
    "\n  query ExportedApiTokens($first: Int!, $after: String, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]) {\n    apiTokens(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n        name\n        description\n        status\n        createdAt\n        lastAccessAt\n        expiresAt\n        createdBy {\n          id\n          name\n        }\n        modules {\n          id\n          name\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ExportedApiTokensDocument,
    "\n  query ApiTokenFirstUse($id: ID!) {\n    apiToken(id: $id) {\n      id\n      status\n      lastAccessAt\n      lastAccessIp\n      expiresAt\n    }\n  }\n": types.ApiTokenFirstUseDocument,
    "\n  query ModulesOfAccount {\n    modules {\n      id\n      name\n      description\n    }\n  }\n": types.ModulesOfAccountDocument,
    "\n  query ApiTokenImpact($id: ID!) {\n    apiToken(id: $id) {\n      id\n      activeDescendantCount\n      lastAccessAt\n      lastAccessIp\n      lastAccessUserAgent\n      usage(days: 7) {\n        day\n        allowed\n        denied\n      }\n    }\n  }\n": types.ApiTokenImpactDocument,
    "\n  query ApiTokenFilterOptions {\n    modules {\n      id\n      name\n    }\n    users {\n      id\n      name\n    }\n  }\n": types.ApiTokenFilterOptionsDocument,
    "\n  query ApiTokens($first: Int!, $offset: Int!, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]) {\n    apiTokens(first: $first, offset: $offset, filter: $filter, orderBy: $orderBy) {\n      total: countUpTo\n      nodes {\n        id\n        name\n        ...ApiTokenListIdentity\n        ...ApiTokenListModules\n        ...ApiTokenListFacts\n        ...ApiTokenActions\n      }\n    }\n  }\n": types.ApiTokensDocument,
    "\n  fragment ApiTokenListFacts on ApiToken {\n    description\n    createdBy {\n      id\n      name\n    }\n    createdAt\n    lastAccessAt\n    expiresAt\n    status\n    previousValueExpiresAt\n  }\n": types.ApiTokenListFactsFragmentDoc,
    "\n  fragment ApiTokenListIdentity on ApiToken {\n    id\n    name\n    iconUrl\n  }\n": types.ApiTokenListIdentityFragmentDoc,
    "\n  fragment ApiTokenListModules on ApiToken {\n    moduleCount\n    modules {\n      id\n      name\n    }\n  }\n": types.ApiTokenListModulesFragmentDoc,
    "\n  query LiveApiTokens($ids: [ID!]!, $filter: ApiTokenFilter) {\n    nodes(ids: $ids) {\n      id\n      ... on ApiToken {\n        id\n        name\n        ...ApiTokenListIdentity\n        ...ApiTokenListModules\n        ...ApiTokenListFacts\n        ...ApiTokenActions\n      }\n    }\n    newest: apiTokens(first: 1, filter: $filter) {\n      total: countUpTo\n      nodes {\n        id\n      }\n    }\n  }\n": types.LiveApiTokensDocument,
    "\n  query ApiTokenViewCounts(\n    $neverUsed: ApiTokenFilter\n    $idle: ApiTokenFilter\n    $noExpiry: ApiTokenFilter\n    $expiring: ApiTokenFilter\n    $disabled: ApiTokenFilter\n  ) {\n    neverUsed: apiTokens(first: 1, filter: $neverUsed) {\n      total: countUpTo\n    }\n    idle: apiTokens(first: 1, filter: $idle) {\n      total: countUpTo\n    }\n    noExpiry: apiTokens(first: 1, filter: $noExpiry) {\n      total: countUpTo\n    }\n    expiring: apiTokens(first: 1, filter: $expiring) {\n      total: countUpTo\n    }\n    disabled: apiTokens(first: 1, filter: $disabled) {\n      total: countUpTo\n    }\n  }\n": types.ApiTokenViewCountsDocument,
    "\n  query Start($first: Int!, $offset: Int!, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]) {\n    viewer {\n      role\n      actor {\n        id\n        name\n      }\n      account {\n        id\n        name\n        type\n      }\n      accounts {\n        id\n        name\n        type\n      }\n      ...ViewerSavedViews\n    }\n    apiTokens(first: $first, offset: $offset, filter: $filter, orderBy: $orderBy) {\n      total: countUpTo\n      nodes {\n        id\n        name\n        ...ApiTokenListIdentity\n        ...ApiTokenListModules\n        ...ApiTokenListFacts\n        ...ApiTokenActions\n      }\n    }\n  }\n": types.StartDocument,
    "\n  fragment BulkResult on BulkApiTokensPayload {\n    results {\n      id\n      apiToken {\n        id\n        status\n        availableActions\n        version\n        expiresAt\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n    userErrors {\n      message\n    }\n  }\n": types.BulkResultFragmentDoc,
    "\n    mutation EnableApiTokens($input: BulkApiTokensInput!) {\n      answer: enableApiTokens(input: $input) {\n        ...BulkResult\n      }\n    }\n  ": types.EnableApiTokensDocument,
    "\n    mutation DisableApiTokens($input: BulkApiTokensInput!) {\n      answer: disableApiTokens(input: $input) {\n        ...BulkResult\n      }\n    }\n  ": types.DisableApiTokensDocument,
    "\n    mutation DeleteApiTokens($input: BulkApiTokensInput!) {\n      answer: deleteApiTokens(input: $input) {\n        ...BulkResult\n      }\n    }\n  ": types.DeleteApiTokensDocument,
    "\n  mutation SetExpiryOfApiTokens($input: BulkUpdateApiTokensInput!) {\n    answer: updateApiTokens(input: $input) {\n      ...BulkResult\n    }\n  }\n": types.SetExpiryOfApiTokensDocument,
    "\n  fragment ApiTokenChanged on ApiToken {\n    id\n    status\n    availableActions\n    version\n    events {\n      kind\n      at\n      by {\n        id\n        name\n      }\n    }\n  }\n": types.ApiTokenChangedFragmentDoc,
    "\n  fragment DisabledDescendant on ApiToken {\n    id\n    status\n    availableActions\n    version\n  }\n": types.DisabledDescendantFragmentDoc,
    "\n  mutation CreateApiToken($input: CreateApiTokenInput!) {\n    createApiToken(input: $input) {\n      apiToken {\n        id\n        name\n        endpoint\n        maskedValue\n      }\n      value\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": types.CreateApiTokenDocument,
    "\n  mutation UpdateApiToken($input: UpdateApiTokenInput!) {\n    updateApiToken(input: $input) {\n      apiToken {\n        ...ApiTokenChanged\n        name\n        description\n        iconUrl\n        expiresAt\n        ipRanges\n        rateLimit {\n          requests\n          perSeconds\n        }\n        moduleCount\n        modules {\n          id\n          name\n          description\n        }\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": types.UpdateApiTokenDocument,
    "\n  mutation EnableApiToken($input: EnableApiTokenInput!) {\n    enableApiToken(input: $input) {\n      apiToken {\n        ...ApiTokenChanged\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": types.EnableApiTokenDocument,
    "\n  mutation DisableApiToken($input: DisableApiTokenInput!) {\n    disableApiToken(input: $input) {\n      apiToken {\n        ...ApiTokenChanged\n        activeDescendantCount\n      }\n      disabledDescendants {\n        id\n        ...DisabledDescendant\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": types.DisableApiTokenDocument,
    "\n  mutation DeleteApiToken($input: DeleteApiTokenInput!) {\n    deleteApiToken(input: $input) {\n      deletedId\n      disabledDescendants {\n        id\n        ...DisabledDescendant\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": types.DeleteApiTokenDocument,
    "\n  mutation RotateApiToken($input: RotateApiTokenInput!) {\n    rotateApiToken(input: $input) {\n      apiToken {\n        id\n        maskedValue\n        previousValueExpiresAt\n      }\n      value\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": types.RotateApiTokenDocument,
    "\n  mutation EndApiTokenRotation($input: EndApiTokenRotationInput!) {\n    endApiTokenRotation(input: $input) {\n      apiToken {\n        ...ApiTokenChanged\n        previousValueExpiresAt\n        previousValueLastAccessAt\n        currentValueLastAccessAt\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": types.EndApiTokenRotationDocument,
    "\n  mutation RevealApiToken($input: RevealApiTokenInput!) {\n    revealApiToken(input: $input) {\n      value\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": types.RevealApiTokenDocument,
    "\n  query ApiTokenRotation($id: ID!) {\n    apiToken(id: $id) {\n      id\n      status\n      version\n      availableActions\n      maskedValue\n      lastAccessAt\n      previousValueExpiresAt\n      previousValueLastAccessAt\n      currentValueLastAccessAt\n      events {\n        kind\n        at\n        by {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.ApiTokenRotationDocument,
    "\n  query ApiTokenUsage($id: ID!, $days: Int!) {\n    apiToken(id: $id) {\n      id\n      status\n      lastAccessAt\n      lastAccessIp\n      lastAccessUserAgent\n      usage(days: $days) {\n        day\n        allowed\n        denied\n      }\n    }\n  }\n": types.ApiTokenUsageDocument,
    "\n  query RecentSignIn {\n    viewer {\n      authenticatedAt\n    }\n  }\n": types.RecentSignInDocument,
    "\n  fragment AuditRecordRow on AuditRecord {\n    id\n    at\n    event\n    summary\n    objectId\n    objectName\n    actor {\n      id\n      name\n    }\n    ip\n    userAgent\n    details\n  }\n": types.AuditRecordRowFragmentDoc,
    "\n  query AuditFilterPeople {\n    users {\n      id\n      name\n    }\n  }\n": types.AuditFilterPeopleDocument,
    "\n  query AuditTrail($first: Int!, $offset: Int!, $filter: AuditRecordFilter, $orderBy: AuditRecordOrder) {\n    auditTrail(first: $first, offset: $offset, filter: $filter, orderBy: $orderBy) {\n      total: countUpTo\n      nodes {\n        id\n        ...AuditRecordRow\n      }\n    }\n  }\n": types.AuditTrailDocument,
    "\n  query AuditRecord($id: ID!) {\n    node(id: $id) {\n      id\n      ... on AuditRecord {\n        sequence\n        ...AuditRecordRow\n      }\n    }\n  }\n": types.AuditRecordDocument,
    "\n  query VerifyAuditTrail($noted: AuditHeadInput) {\n    auditTrailVerification(noted: $noted) {\n      records\n      archivedRecords\n      head {\n        sequence\n        hash\n        keyId\n        signature\n      }\n      headSignature\n      fault {\n        sequence\n        message\n        record {\n          id\n        }\n      }\n    }\n  }\n": types.VerifyAuditTrailDocument,
    "\n  query PaletteTokens($search: String!) {\n    apiTokens(first: 8, filter: { search: $search }) {\n      nodes {\n        id\n        name\n        status\n        availableActions\n      }\n    }\n  }\n": types.PaletteTokensDocument,
    "\n  query TokensBreakingPolicy($filter: ApiTokenFilter) {\n    apiTokens(first: 100, filter: $filter) {\n      total: countUpTo\n      nodes {\n        id\n        name\n        expiresAt\n        ipRanges\n      }\n    }\n  }\n": types.TokensBreakingPolicyDocument,
    "\n  mutation UpdateAccountPolicy($input: UpdateAccountPolicyInput!) {\n    updateAccountPolicy(input: $input) {\n      policy {\n        maxLifetimeDays\n        idleDays\n        expiryRequired\n        ipRangesRequired\n        valuesShownOnce\n        recentSignInRequired\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.UpdateAccountPolicyDocument,
    "\n  query AccountPolicy {\n    accountPolicy {\n      maxLifetimeDays\n      idleDays\n      expiryRequired\n      ipRangesRequired\n      valuesShownOnce\n      recentSignInRequired\n    }\n  }\n": types.AccountPolicyDocument,
    "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      userErrors {\n        field\n        message\n      }\n    }\n  }\n": types.ChangePasswordDocument,
    "\n  query Profile {\n    viewer {\n      actor {\n        id\n        name\n        ... on User {\n          email\n        }\n      }\n      hasPassword\n      sessions {\n        id\n        ...SessionsTable\n      }\n    }\n  }\n": types.ProfileDocument,
    "\n  fragment SessionsTable on Session {\n    id\n    isCurrent\n    createdAt\n    lastSeenAt\n    ip\n    userAgent\n  }\n": types.SessionsTableFragmentDoc,
    "\n  mutation EndSessions($input: EndSessionsInput!) {\n    endSessions(input: $input) {\n      endedIds\n      userErrors {\n        message\n      }\n    }\n  }\n": types.EndSessionsDocument,
    "\n  mutation CreateSavedView($input: CreateSavedViewInput!) {\n    createSavedView(input: $input) {\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": types.CreateSavedViewDocument,
    "\n  mutation UpdateSavedView($input: UpdateSavedViewInput!) {\n    updateSavedView(input: $input) {\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": types.UpdateSavedViewDocument,
    "\n  mutation DeleteSavedView($input: DeleteSavedViewInput!) {\n    deleteSavedView(input: $input) {\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": types.DeleteSavedViewDocument,
    "\n  fragment ViewerSavedViews on Viewer {\n    savedViews {\n      id\n      list\n      name\n      query\n      shared\n      isDefault\n    }\n  }\n": types.ViewerSavedViewsFragmentDoc,
    "\n  query Viewer {\n    viewer {\n      role\n      actor {\n        id\n        name\n      }\n      account {\n        id\n        name\n        type\n      }\n      accounts {\n        id\n        name\n        type\n      }\n      ...ViewerSavedViews\n    }\n  }\n": types.ViewerDocument,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      viewer {\n        role\n        actor {\n          id\n          name\n        }\n        account {\n          id\n          name\n          type\n        }\n        accounts {\n          id\n          name\n          type\n        }\n        ...ViewerSavedViews\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": types.SignInDocument,
    "\n  query SignInMethods {\n    signInMethods\n  }\n": types.SignInMethodsDocument,
    "\n  query Webhooks {\n    webhooks {\n      id\n      url\n      events\n      enabled\n      createdAt\n      deliveries(first: 20) {\n        id\n        messageId\n        event\n        status\n        attempts\n        createdAt\n        nextAttemptAt\n        lastAttemptAt\n        responseStatus\n        response\n      }\n    }\n  }\n": types.WebhooksDocument,
    "\n  mutation CreateWebhook($input: CreateWebhookInput!) {\n    createWebhook(input: $input) {\n      webhook {\n        id\n      }\n      secret\n      userErrors {\n        field\n        message\n      }\n    }\n  }\n": types.CreateWebhookDocument,
    "\n  mutation UpdateWebhook($input: UpdateWebhookInput!) {\n    updateWebhook(input: $input) {\n      webhook {\n        id\n        url\n        events\n        enabled\n      }\n      userErrors {\n        field\n        message\n      }\n    }\n  }\n": types.UpdateWebhookDocument,
    "\n  mutation DeleteWebhook($input: WebhookIdInput!) {\n    deleteWebhook(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.DeleteWebhookDocument,
    "\n  mutation RotateWebhookSecret($input: WebhookIdInput!) {\n    rotateWebhookSecret(input: $input) {\n      secret\n      userErrors {\n        message\n      }\n    }\n  }\n": types.RotateWebhookSecretDocument,
    "\n  mutation TestWebhook($input: WebhookIdInput!) {\n    testWebhook(input: $input) {\n      delivery {\n        id\n        status\n        responseStatus\n        response\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.TestWebhookDocument,
    "\n  mutation ResendWebhookDelivery($input: WebhookDeliveryIdInput!) {\n    resendWebhookDelivery(input: $input) {\n      delivery {\n        id\n        status\n        attempts\n        nextAttemptAt\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.ResendWebhookDeliveryDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SwitchAccount($input: SwitchAccountInput!) {\n    switchAccount(input: $input) {\n      viewer {\n        role\n        actor {\n          id\n          name\n        }\n        account {\n          id\n          name\n          type\n        }\n        accounts {\n          id\n          name\n          type\n        }\n        ...ViewerSavedViews\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SwitchAccount($input: SwitchAccountInput!) {\n    switchAccount(input: $input) {\n      viewer {\n        role\n        actor {\n          id\n          name\n        }\n        account {\n          id\n          name\n          type\n        }\n        accounts {\n          id\n          name\n          type\n        }\n        ...ViewerSavedViews\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignOut {\n    signOut {\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SignOut {\n    signOut {\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ApiTokenActions on ApiToken {\n    id\n    name\n    status\n    availableActions\n  }\n"): (typeof documents)["\n  fragment ApiTokenActions on ApiToken {\n    id\n    name\n    status\n    availableActions\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MatchingApiTokens($first: Int!, $after: String, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]) {\n    apiTokens(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query MatchingApiTokens($first: Int!, $after: String, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]) {\n    apiTokens(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SelectedApiTokens($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      id\n      ... on ApiToken {\n        name\n        availableActions\n        lastAccessAt\n      }\n    }\n  }\n"): (typeof documents)["\n  query SelectedApiTokens($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      id\n      ... on ApiToken {\n        name\n        availableActions\n        lastAccessAt\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ApiTokenDatesTab on ApiToken {\n    id\n    lastAccessAt\n    expiresAt\n    events {\n      kind\n      at\n      by {\n        id\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment ApiTokenDatesTab on ApiToken {\n    id\n    lastAccessAt\n    expiresAt\n    events {\n      kind\n      at\n      by {\n        id\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ApiTokenDetailsHeader on ApiToken {\n    id\n    name\n    iconUrl\n    status\n    expiresAt\n    availableActions\n    ...ApiTokenActions\n  }\n"): (typeof documents)["\n  fragment ApiTokenDetailsHeader on ApiToken {\n    id\n    name\n    iconUrl\n    status\n    expiresAt\n    availableActions\n    ...ApiTokenActions\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ApiTokenDetails($id: ID!) {\n    apiToken(id: $id) {\n      id\n      name\n      ...ApiTokenDetailsHeader\n      ...ApiTokenSummaryCard\n      ...ApiTokenGeneralTab\n      ...ApiTokenModulesTab\n      ...ApiTokenDatesTab\n    }\n  }\n"): (typeof documents)["\n  query ApiTokenDetails($id: ID!) {\n    apiToken(id: $id) {\n      id\n      name\n      ...ApiTokenDetailsHeader\n      ...ApiTokenSummaryCard\n      ...ApiTokenGeneralTab\n      ...ApiTokenModulesTab\n      ...ApiTokenDatesTab\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ApiTokenGeneralTab on ApiToken {\n    id\n    name\n    status\n    description\n    endpoint\n    maskedValue\n    ipRanges\n    rateLimit {\n      requests\n      perSeconds\n    }\n    availableActions\n    previousValueExpiresAt\n  }\n"): (typeof documents)["\n  fragment ApiTokenGeneralTab on ApiToken {\n    id\n    name\n    status\n    description\n    endpoint\n    maskedValue\n    ipRanges\n    rateLimit {\n      requests\n      perSeconds\n    }\n    availableActions\n    previousValueExpiresAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ApiTokenModulesTab on ApiToken {\n    id\n    modules {\n      id\n      name\n      description\n    }\n  }\n"): (typeof documents)["\n  fragment ApiTokenModulesTab on ApiToken {\n    id\n    modules {\n      id\n      name\n      description\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ApiTokenSummaryCard on ApiToken {\n    id\n    lastAccessAt\n    lastAccessIp\n    activeDescendantCount\n    account {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  fragment ApiTokenSummaryCard on ApiToken {\n    id\n    lastAccessAt\n    lastAccessIp\n    activeDescendantCount\n    account {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EditableApiToken($id: ID!) {\n    apiToken(id: $id) {\n      id\n      name\n      description\n      iconUrl\n      expiresAt\n      ipRanges\n      rateLimit {\n        requests\n        perSeconds\n      }\n      version\n      availableActions\n      modules {\n        id\n        name\n        description\n      }\n      events {\n        kind\n        at\n        by {\n          id\n          name\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query EditableApiToken($id: ID!) {\n    apiToken(id: $id) {\n      id\n      name\n      description\n      iconUrl\n      expiresAt\n      ipRanges\n      rateLimit {\n        requests\n        perSeconds\n      }\n      version\n      availableActions\n      modules {\n        id\n        name\n        description\n      }\n      events {\n        kind\n        at\n        by {\n          id\n          name\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ExportedApiTokens($first: Int!, $after: String, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]) {\n    apiTokens(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n        name\n        description\n        status\n        createdAt\n        lastAccessAt\n        expiresAt\n        createdBy {\n          id\n          name\n        }\n        modules {\n          id\n          name\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query ExportedApiTokens($first: Int!, $after: String, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]) {\n    apiTokens(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n        name\n        description\n        status\n        createdAt\n        lastAccessAt\n        expiresAt\n        createdBy {\n          id\n          name\n        }\n        modules {\n          id\n          name\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ApiTokenFirstUse($id: ID!) {\n    apiToken(id: $id) {\n      id\n      status\n      lastAccessAt\n      lastAccessIp\n      expiresAt\n    }\n  }\n"): (typeof documents)["\n  query ApiTokenFirstUse($id: ID!) {\n    apiToken(id: $id) {\n      id\n      status\n      lastAccessAt\n      lastAccessIp\n      expiresAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ModulesOfAccount {\n    modules {\n      id\n      name\n      description\n    }\n  }\n"): (typeof documents)["\n  query ModulesOfAccount {\n    modules {\n      id\n      name\n      description\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ApiTokenImpact($id: ID!) {\n    apiToken(id: $id) {\n      id\n      activeDescendantCount\n      lastAccessAt\n      lastAccessIp\n      lastAccessUserAgent\n      usage(days: 7) {\n        day\n        allowed\n        denied\n      }\n    }\n  }\n"): (typeof documents)["\n  query ApiTokenImpact($id: ID!) {\n    apiToken(id: $id) {\n      id\n      activeDescendantCount\n      lastAccessAt\n      lastAccessIp\n      lastAccessUserAgent\n      usage(days: 7) {\n        day\n        allowed\n        denied\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ApiTokenFilterOptions {\n    modules {\n      id\n      name\n    }\n    users {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  query ApiTokenFilterOptions {\n    modules {\n      id\n      name\n    }\n    users {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ApiTokens($first: Int!, $offset: Int!, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]) {\n    apiTokens(first: $first, offset: $offset, filter: $filter, orderBy: $orderBy) {\n      total: countUpTo\n      nodes {\n        id\n        name\n        ...ApiTokenListIdentity\n        ...ApiTokenListModules\n        ...ApiTokenListFacts\n        ...ApiTokenActions\n      }\n    }\n  }\n"): (typeof documents)["\n  query ApiTokens($first: Int!, $offset: Int!, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]) {\n    apiTokens(first: $first, offset: $offset, filter: $filter, orderBy: $orderBy) {\n      total: countUpTo\n      nodes {\n        id\n        name\n        ...ApiTokenListIdentity\n        ...ApiTokenListModules\n        ...ApiTokenListFacts\n        ...ApiTokenActions\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ApiTokenListFacts on ApiToken {\n    description\n    createdBy {\n      id\n      name\n    }\n    createdAt\n    lastAccessAt\n    expiresAt\n    status\n    previousValueExpiresAt\n  }\n"): (typeof documents)["\n  fragment ApiTokenListFacts on ApiToken {\n    description\n    createdBy {\n      id\n      name\n    }\n    createdAt\n    lastAccessAt\n    expiresAt\n    status\n    previousValueExpiresAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ApiTokenListIdentity on ApiToken {\n    id\n    name\n    iconUrl\n  }\n"): (typeof documents)["\n  fragment ApiTokenListIdentity on ApiToken {\n    id\n    name\n    iconUrl\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ApiTokenListModules on ApiToken {\n    moduleCount\n    modules {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  fragment ApiTokenListModules on ApiToken {\n    moduleCount\n    modules {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query LiveApiTokens($ids: [ID!]!, $filter: ApiTokenFilter) {\n    nodes(ids: $ids) {\n      id\n      ... on ApiToken {\n        id\n        name\n        ...ApiTokenListIdentity\n        ...ApiTokenListModules\n        ...ApiTokenListFacts\n        ...ApiTokenActions\n      }\n    }\n    newest: apiTokens(first: 1, filter: $filter) {\n      total: countUpTo\n      nodes {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  query LiveApiTokens($ids: [ID!]!, $filter: ApiTokenFilter) {\n    nodes(ids: $ids) {\n      id\n      ... on ApiToken {\n        id\n        name\n        ...ApiTokenListIdentity\n        ...ApiTokenListModules\n        ...ApiTokenListFacts\n        ...ApiTokenActions\n      }\n    }\n    newest: apiTokens(first: 1, filter: $filter) {\n      total: countUpTo\n      nodes {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ApiTokenViewCounts(\n    $neverUsed: ApiTokenFilter\n    $idle: ApiTokenFilter\n    $noExpiry: ApiTokenFilter\n    $expiring: ApiTokenFilter\n    $disabled: ApiTokenFilter\n  ) {\n    neverUsed: apiTokens(first: 1, filter: $neverUsed) {\n      total: countUpTo\n    }\n    idle: apiTokens(first: 1, filter: $idle) {\n      total: countUpTo\n    }\n    noExpiry: apiTokens(first: 1, filter: $noExpiry) {\n      total: countUpTo\n    }\n    expiring: apiTokens(first: 1, filter: $expiring) {\n      total: countUpTo\n    }\n    disabled: apiTokens(first: 1, filter: $disabled) {\n      total: countUpTo\n    }\n  }\n"): (typeof documents)["\n  query ApiTokenViewCounts(\n    $neverUsed: ApiTokenFilter\n    $idle: ApiTokenFilter\n    $noExpiry: ApiTokenFilter\n    $expiring: ApiTokenFilter\n    $disabled: ApiTokenFilter\n  ) {\n    neverUsed: apiTokens(first: 1, filter: $neverUsed) {\n      total: countUpTo\n    }\n    idle: apiTokens(first: 1, filter: $idle) {\n      total: countUpTo\n    }\n    noExpiry: apiTokens(first: 1, filter: $noExpiry) {\n      total: countUpTo\n    }\n    expiring: apiTokens(first: 1, filter: $expiring) {\n      total: countUpTo\n    }\n    disabled: apiTokens(first: 1, filter: $disabled) {\n      total: countUpTo\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Start($first: Int!, $offset: Int!, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]) {\n    viewer {\n      role\n      actor {\n        id\n        name\n      }\n      account {\n        id\n        name\n        type\n      }\n      accounts {\n        id\n        name\n        type\n      }\n      ...ViewerSavedViews\n    }\n    apiTokens(first: $first, offset: $offset, filter: $filter, orderBy: $orderBy) {\n      total: countUpTo\n      nodes {\n        id\n        name\n        ...ApiTokenListIdentity\n        ...ApiTokenListModules\n        ...ApiTokenListFacts\n        ...ApiTokenActions\n      }\n    }\n  }\n"): (typeof documents)["\n  query Start($first: Int!, $offset: Int!, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]) {\n    viewer {\n      role\n      actor {\n        id\n        name\n      }\n      account {\n        id\n        name\n        type\n      }\n      accounts {\n        id\n        name\n        type\n      }\n      ...ViewerSavedViews\n    }\n    apiTokens(first: $first, offset: $offset, filter: $filter, orderBy: $orderBy) {\n      total: countUpTo\n      nodes {\n        id\n        name\n        ...ApiTokenListIdentity\n        ...ApiTokenListModules\n        ...ApiTokenListFacts\n        ...ApiTokenActions\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment BulkResult on BulkApiTokensPayload {\n    results {\n      id\n      apiToken {\n        id\n        status\n        availableActions\n        version\n        expiresAt\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n    userErrors {\n      message\n    }\n  }\n"): (typeof documents)["\n  fragment BulkResult on BulkApiTokensPayload {\n    results {\n      id\n      apiToken {\n        id\n        status\n        availableActions\n        version\n        expiresAt\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n    userErrors {\n      message\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation EnableApiTokens($input: BulkApiTokensInput!) {\n      answer: enableApiTokens(input: $input) {\n        ...BulkResult\n      }\n    }\n  "): (typeof documents)["\n    mutation EnableApiTokens($input: BulkApiTokensInput!) {\n      answer: enableApiTokens(input: $input) {\n        ...BulkResult\n      }\n    }\n  "];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation DisableApiTokens($input: BulkApiTokensInput!) {\n      answer: disableApiTokens(input: $input) {\n        ...BulkResult\n      }\n    }\n  "): (typeof documents)["\n    mutation DisableApiTokens($input: BulkApiTokensInput!) {\n      answer: disableApiTokens(input: $input) {\n        ...BulkResult\n      }\n    }\n  "];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation DeleteApiTokens($input: BulkApiTokensInput!) {\n      answer: deleteApiTokens(input: $input) {\n        ...BulkResult\n      }\n    }\n  "): (typeof documents)["\n    mutation DeleteApiTokens($input: BulkApiTokensInput!) {\n      answer: deleteApiTokens(input: $input) {\n        ...BulkResult\n      }\n    }\n  "];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetExpiryOfApiTokens($input: BulkUpdateApiTokensInput!) {\n    answer: updateApiTokens(input: $input) {\n      ...BulkResult\n    }\n  }\n"): (typeof documents)["\n  mutation SetExpiryOfApiTokens($input: BulkUpdateApiTokensInput!) {\n    answer: updateApiTokens(input: $input) {\n      ...BulkResult\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ApiTokenChanged on ApiToken {\n    id\n    status\n    availableActions\n    version\n    events {\n      kind\n      at\n      by {\n        id\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment ApiTokenChanged on ApiToken {\n    id\n    status\n    availableActions\n    version\n    events {\n      kind\n      at\n      by {\n        id\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DisabledDescendant on ApiToken {\n    id\n    status\n    availableActions\n    version\n  }\n"): (typeof documents)["\n  fragment DisabledDescendant on ApiToken {\n    id\n    status\n    availableActions\n    version\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateApiToken($input: CreateApiTokenInput!) {\n    createApiToken(input: $input) {\n      apiToken {\n        id\n        name\n        endpoint\n        maskedValue\n      }\n      value\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateApiToken($input: CreateApiTokenInput!) {\n    createApiToken(input: $input) {\n      apiToken {\n        id\n        name\n        endpoint\n        maskedValue\n      }\n      value\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateApiToken($input: UpdateApiTokenInput!) {\n    updateApiToken(input: $input) {\n      apiToken {\n        ...ApiTokenChanged\n        name\n        description\n        iconUrl\n        expiresAt\n        ipRanges\n        rateLimit {\n          requests\n          perSeconds\n        }\n        moduleCount\n        modules {\n          id\n          name\n          description\n        }\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateApiToken($input: UpdateApiTokenInput!) {\n    updateApiToken(input: $input) {\n      apiToken {\n        ...ApiTokenChanged\n        name\n        description\n        iconUrl\n        expiresAt\n        ipRanges\n        rateLimit {\n          requests\n          perSeconds\n        }\n        moduleCount\n        modules {\n          id\n          name\n          description\n        }\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EnableApiToken($input: EnableApiTokenInput!) {\n    enableApiToken(input: $input) {\n      apiToken {\n        ...ApiTokenChanged\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation EnableApiToken($input: EnableApiTokenInput!) {\n    enableApiToken(input: $input) {\n      apiToken {\n        ...ApiTokenChanged\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DisableApiToken($input: DisableApiTokenInput!) {\n    disableApiToken(input: $input) {\n      apiToken {\n        ...ApiTokenChanged\n        activeDescendantCount\n      }\n      disabledDescendants {\n        id\n        ...DisabledDescendant\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DisableApiToken($input: DisableApiTokenInput!) {\n    disableApiToken(input: $input) {\n      apiToken {\n        ...ApiTokenChanged\n        activeDescendantCount\n      }\n      disabledDescendants {\n        id\n        ...DisabledDescendant\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteApiToken($input: DeleteApiTokenInput!) {\n    deleteApiToken(input: $input) {\n      deletedId\n      disabledDescendants {\n        id\n        ...DisabledDescendant\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteApiToken($input: DeleteApiTokenInput!) {\n    deleteApiToken(input: $input) {\n      deletedId\n      disabledDescendants {\n        id\n        ...DisabledDescendant\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RotateApiToken($input: RotateApiTokenInput!) {\n    rotateApiToken(input: $input) {\n      apiToken {\n        id\n        maskedValue\n        previousValueExpiresAt\n      }\n      value\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RotateApiToken($input: RotateApiTokenInput!) {\n    rotateApiToken(input: $input) {\n      apiToken {\n        id\n        maskedValue\n        previousValueExpiresAt\n      }\n      value\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EndApiTokenRotation($input: EndApiTokenRotationInput!) {\n    endApiTokenRotation(input: $input) {\n      apiToken {\n        ...ApiTokenChanged\n        previousValueExpiresAt\n        previousValueLastAccessAt\n        currentValueLastAccessAt\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation EndApiTokenRotation($input: EndApiTokenRotationInput!) {\n    endApiTokenRotation(input: $input) {\n      apiToken {\n        ...ApiTokenChanged\n        previousValueExpiresAt\n        previousValueLastAccessAt\n        currentValueLastAccessAt\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevealApiToken($input: RevealApiTokenInput!) {\n    revealApiToken(input: $input) {\n      value\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RevealApiToken($input: RevealApiTokenInput!) {\n    revealApiToken(input: $input) {\n      value\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ApiTokenRotation($id: ID!) {\n    apiToken(id: $id) {\n      id\n      status\n      version\n      availableActions\n      maskedValue\n      lastAccessAt\n      previousValueExpiresAt\n      previousValueLastAccessAt\n      currentValueLastAccessAt\n      events {\n        kind\n        at\n        by {\n          id\n          name\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ApiTokenRotation($id: ID!) {\n    apiToken(id: $id) {\n      id\n      status\n      version\n      availableActions\n      maskedValue\n      lastAccessAt\n      previousValueExpiresAt\n      previousValueLastAccessAt\n      currentValueLastAccessAt\n      events {\n        kind\n        at\n        by {\n          id\n          name\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ApiTokenUsage($id: ID!, $days: Int!) {\n    apiToken(id: $id) {\n      id\n      status\n      lastAccessAt\n      lastAccessIp\n      lastAccessUserAgent\n      usage(days: $days) {\n        day\n        allowed\n        denied\n      }\n    }\n  }\n"): (typeof documents)["\n  query ApiTokenUsage($id: ID!, $days: Int!) {\n    apiToken(id: $id) {\n      id\n      status\n      lastAccessAt\n      lastAccessIp\n      lastAccessUserAgent\n      usage(days: $days) {\n        day\n        allowed\n        denied\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RecentSignIn {\n    viewer {\n      authenticatedAt\n    }\n  }\n"): (typeof documents)["\n  query RecentSignIn {\n    viewer {\n      authenticatedAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AuditRecordRow on AuditRecord {\n    id\n    at\n    event\n    summary\n    objectId\n    objectName\n    actor {\n      id\n      name\n    }\n    ip\n    userAgent\n    details\n  }\n"): (typeof documents)["\n  fragment AuditRecordRow on AuditRecord {\n    id\n    at\n    event\n    summary\n    objectId\n    objectName\n    actor {\n      id\n      name\n    }\n    ip\n    userAgent\n    details\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AuditFilterPeople {\n    users {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  query AuditFilterPeople {\n    users {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AuditTrail($first: Int!, $offset: Int!, $filter: AuditRecordFilter, $orderBy: AuditRecordOrder) {\n    auditTrail(first: $first, offset: $offset, filter: $filter, orderBy: $orderBy) {\n      total: countUpTo\n      nodes {\n        id\n        ...AuditRecordRow\n      }\n    }\n  }\n"): (typeof documents)["\n  query AuditTrail($first: Int!, $offset: Int!, $filter: AuditRecordFilter, $orderBy: AuditRecordOrder) {\n    auditTrail(first: $first, offset: $offset, filter: $filter, orderBy: $orderBy) {\n      total: countUpTo\n      nodes {\n        id\n        ...AuditRecordRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AuditRecord($id: ID!) {\n    node(id: $id) {\n      id\n      ... on AuditRecord {\n        sequence\n        ...AuditRecordRow\n      }\n    }\n  }\n"): (typeof documents)["\n  query AuditRecord($id: ID!) {\n    node(id: $id) {\n      id\n      ... on AuditRecord {\n        sequence\n        ...AuditRecordRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query VerifyAuditTrail($noted: AuditHeadInput) {\n    auditTrailVerification(noted: $noted) {\n      records\n      archivedRecords\n      head {\n        sequence\n        hash\n        keyId\n        signature\n      }\n      headSignature\n      fault {\n        sequence\n        message\n        record {\n          id\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query VerifyAuditTrail($noted: AuditHeadInput) {\n    auditTrailVerification(noted: $noted) {\n      records\n      archivedRecords\n      head {\n        sequence\n        hash\n        keyId\n        signature\n      }\n      headSignature\n      fault {\n        sequence\n        message\n        record {\n          id\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PaletteTokens($search: String!) {\n    apiTokens(first: 8, filter: { search: $search }) {\n      nodes {\n        id\n        name\n        status\n        availableActions\n      }\n    }\n  }\n"): (typeof documents)["\n  query PaletteTokens($search: String!) {\n    apiTokens(first: 8, filter: { search: $search }) {\n      nodes {\n        id\n        name\n        status\n        availableActions\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TokensBreakingPolicy($filter: ApiTokenFilter) {\n    apiTokens(first: 100, filter: $filter) {\n      total: countUpTo\n      nodes {\n        id\n        name\n        expiresAt\n        ipRanges\n      }\n    }\n  }\n"): (typeof documents)["\n  query TokensBreakingPolicy($filter: ApiTokenFilter) {\n    apiTokens(first: 100, filter: $filter) {\n      total: countUpTo\n      nodes {\n        id\n        name\n        expiresAt\n        ipRanges\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateAccountPolicy($input: UpdateAccountPolicyInput!) {\n    updateAccountPolicy(input: $input) {\n      policy {\n        maxLifetimeDays\n        idleDays\n        expiryRequired\n        ipRangesRequired\n        valuesShownOnce\n        recentSignInRequired\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateAccountPolicy($input: UpdateAccountPolicyInput!) {\n    updateAccountPolicy(input: $input) {\n      policy {\n        maxLifetimeDays\n        idleDays\n        expiryRequired\n        ipRangesRequired\n        valuesShownOnce\n        recentSignInRequired\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AccountPolicy {\n    accountPolicy {\n      maxLifetimeDays\n      idleDays\n      expiryRequired\n      ipRangesRequired\n      valuesShownOnce\n      recentSignInRequired\n    }\n  }\n"): (typeof documents)["\n  query AccountPolicy {\n    accountPolicy {\n      maxLifetimeDays\n      idleDays\n      expiryRequired\n      ipRangesRequired\n      valuesShownOnce\n      recentSignInRequired\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      userErrors {\n        field\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      userErrors {\n        field\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Profile {\n    viewer {\n      actor {\n        id\n        name\n        ... on User {\n          email\n        }\n      }\n      hasPassword\n      sessions {\n        id\n        ...SessionsTable\n      }\n    }\n  }\n"): (typeof documents)["\n  query Profile {\n    viewer {\n      actor {\n        id\n        name\n        ... on User {\n          email\n        }\n      }\n      hasPassword\n      sessions {\n        id\n        ...SessionsTable\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SessionsTable on Session {\n    id\n    isCurrent\n    createdAt\n    lastSeenAt\n    ip\n    userAgent\n  }\n"): (typeof documents)["\n  fragment SessionsTable on Session {\n    id\n    isCurrent\n    createdAt\n    lastSeenAt\n    ip\n    userAgent\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EndSessions($input: EndSessionsInput!) {\n    endSessions(input: $input) {\n      endedIds\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation EndSessions($input: EndSessionsInput!) {\n    endSessions(input: $input) {\n      endedIds\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateSavedView($input: CreateSavedViewInput!) {\n    createSavedView(input: $input) {\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateSavedView($input: CreateSavedViewInput!) {\n    createSavedView(input: $input) {\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateSavedView($input: UpdateSavedViewInput!) {\n    updateSavedView(input: $input) {\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateSavedView($input: UpdateSavedViewInput!) {\n    updateSavedView(input: $input) {\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteSavedView($input: DeleteSavedViewInput!) {\n    deleteSavedView(input: $input) {\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteSavedView($input: DeleteSavedViewInput!) {\n    deleteSavedView(input: $input) {\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ViewerSavedViews on Viewer {\n    savedViews {\n      id\n      list\n      name\n      query\n      shared\n      isDefault\n    }\n  }\n"): (typeof documents)["\n  fragment ViewerSavedViews on Viewer {\n    savedViews {\n      id\n      list\n      name\n      query\n      shared\n      isDefault\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Viewer {\n    viewer {\n      role\n      actor {\n        id\n        name\n      }\n      account {\n        id\n        name\n        type\n      }\n      accounts {\n        id\n        name\n        type\n      }\n      ...ViewerSavedViews\n    }\n  }\n"): (typeof documents)["\n  query Viewer {\n    viewer {\n      role\n      actor {\n        id\n        name\n      }\n      account {\n        id\n        name\n        type\n      }\n      accounts {\n        id\n        name\n        type\n      }\n      ...ViewerSavedViews\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      viewer {\n        role\n        actor {\n          id\n          name\n        }\n        account {\n          id\n          name\n          type\n        }\n        accounts {\n          id\n          name\n          type\n        }\n        ...ViewerSavedViews\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      viewer {\n        role\n        actor {\n          id\n          name\n        }\n        account {\n          id\n          name\n          type\n        }\n        accounts {\n          id\n          name\n          type\n        }\n        ...ViewerSavedViews\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SignInMethods {\n    signInMethods\n  }\n"): (typeof documents)["\n  query SignInMethods {\n    signInMethods\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Webhooks {\n    webhooks {\n      id\n      url\n      events\n      enabled\n      createdAt\n      deliveries(first: 20) {\n        id\n        messageId\n        event\n        status\n        attempts\n        createdAt\n        nextAttemptAt\n        lastAttemptAt\n        responseStatus\n        response\n      }\n    }\n  }\n"): (typeof documents)["\n  query Webhooks {\n    webhooks {\n      id\n      url\n      events\n      enabled\n      createdAt\n      deliveries(first: 20) {\n        id\n        messageId\n        event\n        status\n        attempts\n        createdAt\n        nextAttemptAt\n        lastAttemptAt\n        responseStatus\n        response\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateWebhook($input: CreateWebhookInput!) {\n    createWebhook(input: $input) {\n      webhook {\n        id\n      }\n      secret\n      userErrors {\n        field\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateWebhook($input: CreateWebhookInput!) {\n    createWebhook(input: $input) {\n      webhook {\n        id\n      }\n      secret\n      userErrors {\n        field\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateWebhook($input: UpdateWebhookInput!) {\n    updateWebhook(input: $input) {\n      webhook {\n        id\n        url\n        events\n        enabled\n      }\n      userErrors {\n        field\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateWebhook($input: UpdateWebhookInput!) {\n    updateWebhook(input: $input) {\n      webhook {\n        id\n        url\n        events\n        enabled\n      }\n      userErrors {\n        field\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteWebhook($input: WebhookIdInput!) {\n    deleteWebhook(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteWebhook($input: WebhookIdInput!) {\n    deleteWebhook(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RotateWebhookSecret($input: WebhookIdInput!) {\n    rotateWebhookSecret(input: $input) {\n      secret\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RotateWebhookSecret($input: WebhookIdInput!) {\n    rotateWebhookSecret(input: $input) {\n      secret\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation TestWebhook($input: WebhookIdInput!) {\n    testWebhook(input: $input) {\n      delivery {\n        id\n        status\n        responseStatus\n        response\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation TestWebhook($input: WebhookIdInput!) {\n    testWebhook(input: $input) {\n      delivery {\n        id\n        status\n        responseStatus\n        response\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResendWebhookDelivery($input: WebhookDeliveryIdInput!) {\n    resendWebhookDelivery(input: $input) {\n      delivery {\n        id\n        status\n        attempts\n        nextAttemptAt\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ResendWebhookDelivery($input: WebhookDeliveryIdInput!) {\n    resendWebhookDelivery(input: $input) {\n      delivery {\n        id\n        status\n        attempts\n        nextAttemptAt\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;