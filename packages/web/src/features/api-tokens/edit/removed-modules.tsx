import type { ModuleSummary } from "@hallpass/shared";
import { Box, Text } from "@mantine/core";
import { isolated } from "../../../lib/isolated";
import { useImpact } from "../impact/use-impact";
import { UseOfToken } from "../impact/use-of-token";

const list = new Intl.ListFormat("en");

/** What removing modules from a token would affect. */
export function RemovedModules({ tokenId, modules }: { tokenId: string; modules: readonly ModuleSummary[] }) {
  const { use } = useImpact(tokenId);
  return (
    <Box mt="sm" role="status">
      <Text size="sm">
        Once saved, requests that need {list.format(modules.map(({ name }) => isolated(name)))} will be denied.
      </Text>
      {use && <UseOfToken use={use} />}
    </Box>
  );
}
