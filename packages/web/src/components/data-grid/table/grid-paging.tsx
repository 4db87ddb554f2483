import { limits } from "@hallpass/shared";
import { Button, type ButtonProps, TextInput } from "@mantine/core";
import { IconArrowLeft, IconArrowRight } from "@tabler/icons-react";
import { type FormEvent, useEffect, useRef } from "react";
import { countedUpTo, isUncounted, number } from "../../../lib/counted";
import { PlainSelect } from "../../plain-select";
import classes from "../data-grid.module.css";
import { type GridData, type GridState, pageSizes } from "../grid-types";
import type { GridUrl } from "../url/use-grid-url";

interface GridPagingProps {
  state: GridState;
  data: GridData<unknown>;
  change: GridUrl["change"];
}

export function GridPaging({ state, data, change }: GridPagingProps) {
  const { page, pageSize } = state;
  const total = data.total ?? 0;
  const isKnown = data.total !== undefined;
  const isOver = isUncounted(total);
  // Any page may exist until the total is known.
  const last = isKnown && !isOver ? Math.max(1, Math.ceil(total / pageSize)) : Number.POSITIVE_INFINITY;
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current) input.current.value = String(page);
  }, [page]);

  function goToTypedPage(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const typed = Number.parseInt(input.current?.value ?? "", 10);
    const target = Number.isNaN(typed) ? page : Math.min(Math.max(typed, 1), last);
    if (input.current) input.current.value = String(target);
    if (target !== page) change({ page: target });
  }

  return (
    <nav className={classes.paging} aria-label="Pages">
      <StepButton
        leftSection={<IconArrowLeft size={16} aria-hidden="true" />}
        possible={page > 1}
        onClick={() => change({ page: Math.min(page - 1, last) })}
      >
        Previous
      </StepButton>
      <form className={classes.pageForm} onSubmit={goToTypedPage}>
        Page
        <TextInput ref={input} name="page" size="xs" w={52} inputMode="numeric" defaultValue={page} aria-label="Page" />
        of {isOver ? `over ${number(limits.countedRows / pageSize)}` : isKnown ? number(last) : "…"}
      </form>
      <StepButton
        rightSection={<IconArrowRight size={16} aria-hidden="true" />}
        possible={isKnown && page < last && !(isOver && (data.rows?.length ?? 0) < pageSize)}
        onClick={() => change({ page: page + 1 })}
      >
        Next
      </StepButton>
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
        <span className={classes.range}>{isKnown ? range(state, data.rows?.length ?? 0, total) : ""}</span>
      </span>
    </nav>
  );
}

interface StepButtonProps extends ButtonProps {
  possible: boolean;
  onClick: () => void;
}

/** Never `disabled`, because a disabled button loses keyboard focus. */
function StepButton({ possible, onClick, ...props }: StepButtonProps) {
  return (
    <Button
      {...props}
      variant="subtle"
      color="gray"
      size="compact-sm"
      className={classes.tool ?? ""}
      {...(!possible && { "aria-disabled": true, "data-disabled": true })}
      onClick={() => possible && onClick()}
    />
  );
}

const sizes = pageSizes.map(String);

function range({ page, pageSize }: GridState, rows: number, total: number): string {
  const before = (page - 1) * pageSize;
  const shown = rows === 0 ? "0" : `${number(before + 1)}-${number(before + rows)}`;
  return `${shown} of ${countedUpTo(total, "row")}`;
}
