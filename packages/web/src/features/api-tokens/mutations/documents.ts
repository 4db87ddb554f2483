import { graphql } from "../../../gql/gql";

/** The fields every change affects. Returning them updates each page immediately. */
graphql(/* GraphQL */ `
  fragment ApiTokenChanged on ApiToken {
    id
    status
    availableActions
    version
    events {
      kind
      at
      by {
        id
        name
      }
    }
  }
`);

graphql(/* GraphQL */ `
  fragment DisabledDescendant on ApiToken {
    id
    status
    availableActions
    version
  }
`);

export const createApiTokenDocument = graphql(/* GraphQL */ `
  mutation CreateApiToken($input: CreateApiTokenInput!) {
    createApiToken(input: $input) {
      apiToken {
        id
        name
        endpoint
        maskedValue
      }
      value
      userErrors {
        code
        field
        message
      }
    }
  }
`);

export const updateApiTokenDocument = graphql(/* GraphQL */ `
  mutation UpdateApiToken($input: UpdateApiTokenInput!) {
    updateApiToken(input: $input) {
      apiToken {
        ...ApiTokenChanged
        name
        description
        iconUrl
        expiresAt
        ipRanges
        rateLimit {
          requests
          perSeconds
        }
        moduleCount
        modules {
          id
          name
          description
        }
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`);

export const enableApiTokenDocument = graphql(/* GraphQL */ `
  mutation EnableApiToken($input: EnableApiTokenInput!) {
    enableApiToken(input: $input) {
      apiToken {
        ...ApiTokenChanged
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`);

export const disableApiTokenDocument = graphql(/* GraphQL */ `
  mutation DisableApiToken($input: DisableApiTokenInput!) {
    disableApiToken(input: $input) {
      apiToken {
        ...ApiTokenChanged
        activeDescendantCount
      }
      disabledDescendants {
        id
        ...DisabledDescendant
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`);

export const deleteApiTokenDocument = graphql(/* GraphQL */ `
  mutation DeleteApiToken($input: DeleteApiTokenInput!) {
    deleteApiToken(input: $input) {
      deletedId
      disabledDescendants {
        id
        ...DisabledDescendant
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`);

export const rotateApiTokenDocument = graphql(/* GraphQL */ `
  mutation RotateApiToken($input: RotateApiTokenInput!) {
    rotateApiToken(input: $input) {
      apiToken {
        id
        maskedValue
        previousValueExpiresAt
      }
      value
      userErrors {
        code
        field
        message
      }
    }
  }
`);

export const endApiTokenRotationDocument = graphql(/* GraphQL */ `
  mutation EndApiTokenRotation($input: EndApiTokenRotationInput!) {
    endApiTokenRotation(input: $input) {
      apiToken {
        ...ApiTokenChanged
        previousValueExpiresAt
        previousValueLastAccessAt
        currentValueLastAccessAt
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`);

export const revealApiTokenDocument = graphql(/* GraphQL */ `
  mutation RevealApiToken($input: RevealApiTokenInput!) {
    revealApiToken(input: $input) {
      value
      userErrors {
        code
        field
        message
      }
    }
  }
`);
