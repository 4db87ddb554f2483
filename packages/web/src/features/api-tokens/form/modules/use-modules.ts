import { useQuery } from "@apollo/client/react";
import { graphql } from "../../../../gql/gql";

const modulesOfAccount = graphql(/* GraphQL */ `
  query ModulesOfAccount {
    modules {
      id
      name
      description
    }
  }
`);

/** The modules enabled for the account, which a token can be given. */
export function useModules() {
  const { data, error, refetch } = useQuery(modulesOfAccount, { fetchPolicy: "cache-and-network" });
  return {
    modules: data?.modules,
    error: data ? undefined : error,
    retry: () => void refetch().catch(() => undefined),
  };
}

export type Modules = ReturnType<typeof useModules>;
