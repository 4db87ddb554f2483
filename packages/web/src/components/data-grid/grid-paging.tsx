import { Button, TextInput } from "@mantine/core";
import { IconArrowLeft, IconArrowRight } from "@tabler/icons-react";
import type { FormEvent } from "react";
import { PlainSelect } from "../plain-select";
import classes from "./data-grid.module.css";
import { type GridData, type GridState, pageSizes } from "./grid-types";
import type { GridAddress } from "./use-grid-address";

interface GridPagingProps {
  state: GridState;
  data: GridData<unknown>;
  change: GridAddress["change"];
}

export function GridPaging({ state, data, change }: GridPagingProps) {
  const { page, pageSize } = state;
  const total = data.total ?? 0;
  const last = Math.max(1, Math.ceil(total / pageSize));
  const isKnown = data.total !== undefined && !data.error;

  function goToTypedPage(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const input = event.currentTarget.querySelector("input");
    const typed = Number.parseInt(input?.value ?? "", 10);
    const target = Number.isNaN(typed) ? page : Math.min(Math.max(typed, 1), last);
    if (input) input.value = String(target);
    if (target !== page) change({ page: target });
  }

  return (
    <nav className={classes.paging} aria-label="Pages">
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        className={classes.tool}
        leftSection={<IconArrowLeft size={16} aria-hidden="true" />}
        disabled={page <= 1}
        onClick={() => change({ page: Math.min(page - 1, last) })}
      >
        Previous
      </Button>
      <form className={classes.pageForm} onSubmit={goToTypedPage}>
        Page
        <TextInput key={page} name="page" size="xs" w={52} inputMode="numeric" defaultValue={page} aria-label="Page" />
        of {isKnown ? last : "…"}
      </form>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        className={classes.tool}
        rightSection={<IconArrowRight size={16} aria-hidden="true" />}
        disabled={!isKnown || page >= last}
        onClick={() => change({ page: page + 1 })}
      >
        Next
      </Button>
      <span className={classes.pagingEnd}>
        <span className={classes.pageForm}>
          <span aria-hidden="true">Rows per page</span>
          <PlainSelect
            label="Rows per page"
            width={70}
            values={sizes}
            value={String(pageSize)}
            onChange={(size) => change({ pageSize: Number(size) })}
          />
        </span>
        <span className={classes.range}>{isKnown ? range(page, pageSize, total) : ""}</span>
      </span>
    </nav>
  );
}

const sizes = pageSizes.map(String);

function range(page: number, pageSize: number, total: number): string {
  const from = (page - 1) * pageSize + 1;
  if (total === 0 || from > total) return `0 of ${total} rows`;
  return `${from}-${Math.min(from + pageSize - 1, total)} of ${total} ${total === 1 ? "row" : "rows"}`;
}
