import { graphql } from "../../gql/gql";
import type { WebhooksQuery } from "../../gql/graphql";

export const webhooksDocument = graphql(/* GraphQL */ `
  query Webhooks {
    webhooks {
      id
      url
      events
      enabled
      createdAt
      deliveries(first: 20) {
        id
        messageId
        event
        status
        attempts
        createdAt
        nextAttemptAt
        lastAttemptAt
        responseStatus
        response
      }
    }
  }
`);

export type Webhook = WebhooksQuery["webhooks"][number];
export type Delivery = Webhook["deliveries"][number];

export const createWebhookDocument = graphql(/* GraphQL */ `
  mutation CreateWebhook($input: CreateWebhookInput!) {
    createWebhook(input: $input) {
      webhook {
        id
      }
      secret
      userErrors {
        field
        message
      }
    }
  }
`);

export const updateWebhookDocument = graphql(/* GraphQL */ `
  mutation UpdateWebhook($input: UpdateWebhookInput!) {
    updateWebhook(input: $input) {
      webhook {
        id
        url
        events
        enabled
      }
      userErrors {
        field
        message
      }
    }
  }
`);

export const deleteWebhookDocument = graphql(/* GraphQL */ `
  mutation DeleteWebhook($input: WebhookIdInput!) {
    deleteWebhook(input: $input) {
      userErrors {
        message
      }
    }
  }
`);

export const rotateSecretDocument = graphql(/* GraphQL */ `
  mutation RotateWebhookSecret($input: WebhookIdInput!) {
    rotateWebhookSecret(input: $input) {
      secret
      userErrors {
        message
      }
    }
  }
`);

export const testWebhookDocument = graphql(/* GraphQL */ `
  mutation TestWebhook($input: WebhookIdInput!) {
    testWebhook(input: $input) {
      delivery {
        id
        status
        responseStatus
        response
      }
      userErrors {
        message
      }
    }
  }
`);

export const resendDeliveryDocument = graphql(/* GraphQL */ `
  mutation ResendWebhookDelivery($input: WebhookDeliveryIdInput!) {
    resendWebhookDelivery(input: $input) {
      delivery {
        id
        status
        attempts
        nextAttemptAt
      }
      userErrors {
        message
      }
    }
  }
`);
