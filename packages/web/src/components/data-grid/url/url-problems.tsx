import { Alert } from "@mantine/core";

const names: Record<string, string> = {
  page: "page",
  rows: "rows per page",
  q: "search",
  sort: "sorting",
  filter: "filter",
  columns: "columns",
  width: "column width",
};

interface UrlProblemsProps {
  problems: string[];
  onDismiss: () => void;
}

/** Lists the invalid parts of a mistyped or outdated link. */
export function UrlProblems({ problems, onDismiss }: UrlProblemsProps) {
  const list = new Intl.ListFormat("en").format(problems.map((problem) => names[problem] ?? problem));
  return (
    <Alert
      color="yellow"
      variant="light"
      role="status"
      mx="md"
      mb="sm"
      withCloseButton
      closeButtonLabel="Dismiss"
      onClose={onDismiss}
      title="Part of this URL isn’t valid"
    >
      The {list} couldn’t be applied. Defaults are used instead.
    </Alert>
  );
}
