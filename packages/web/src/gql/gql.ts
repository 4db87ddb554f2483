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
    "\n  mutation SwitchAccount($input: SwitchAccountInput!) {\n    switchAccount(input: $input) {\n      viewer {\n        account {\n          id\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SwitchAccountDocument,
    "\n  mutation SignOut {\n    signOut {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SignOutDocument,
    "\n  fragment ApiTokenActions on ApiToken {\n    id\n    name\n    status\n    availableActions\n  }\n": typeof types.ApiTokenActionsFragmentDoc,
    "\n  query Viewer {\n    viewer {\n      role\n      actor {\n        id\n        name\n      }\n      account {\n        id\n        name\n        type\n      }\n      accounts {\n        id\n        name\n        type\n      }\n    }\n  }\n": typeof types.ViewerDocument,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      viewer {\n        role\n        actor {\n          id\n          name\n        }\n        account {\n          id\n          name\n          type\n        }\n        accounts {\n          id\n          name\n          type\n        }\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": typeof types.SignInDocument,
};
const documents: Documents = {
    "\n  mutation SwitchAccount($input: SwitchAccountInput!) {\n    switchAccount(input: $input) {\n      viewer {\n        account {\n          id\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SwitchAccountDocument,
    "\n  mutation SignOut {\n    signOut {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SignOutDocument,
    "\n  fragment ApiTokenActions on ApiToken {\n    id\n    name\n    status\n    availableActions\n  }\n": types.ApiTokenActionsFragmentDoc,
    "\n  query Viewer {\n    viewer {\n      role\n      actor {\n        id\n        name\n      }\n      account {\n        id\n        name\n        type\n      }\n      accounts {\n        id\n        name\n        type\n      }\n    }\n  }\n": types.ViewerDocument,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      viewer {\n        role\n        actor {\n          id\n          name\n        }\n        account {\n          id\n          name\n          type\n        }\n        accounts {\n          id\n          name\n          type\n        }\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": types.SignInDocument,
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
export function graphql(source: "\n  mutation SwitchAccount($input: SwitchAccountInput!) {\n    switchAccount(input: $input) {\n      viewer {\n        account {\n          id\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SwitchAccount($input: SwitchAccountInput!) {\n    switchAccount(input: $input) {\n      viewer {\n        account {\n          id\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
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
export function graphql(source: "\n  query Viewer {\n    viewer {\n      role\n      actor {\n        id\n        name\n      }\n      account {\n        id\n        name\n        type\n      }\n      accounts {\n        id\n        name\n        type\n      }\n    }\n  }\n"): (typeof documents)["\n  query Viewer {\n    viewer {\n      role\n      actor {\n        id\n        name\n      }\n      account {\n        id\n        name\n        type\n      }\n      accounts {\n        id\n        name\n        type\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      viewer {\n        role\n        actor {\n          id\n          name\n        }\n        account {\n          id\n          name\n          type\n        }\n        accounts {\n          id\n          name\n          type\n        }\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      viewer {\n        role\n        actor {\n          id\n          name\n        }\n        account {\n          id\n          name\n          type\n        }\n        accounts {\n          id\n          name\n          type\n        }\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;