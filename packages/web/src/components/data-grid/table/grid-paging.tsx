import { Button, type ButtonProps, TextInput } from "@mantine/core";
import { IconArrowLeft, IconArrowRight } from "@tabler/icons-react";
import { type FormEvent, useEffect, useRef } from "react";
import { counted, number } from "../../../lib/counted";
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
  const last = Math.max(1, Math.ceil(total / pageSize));
  const isKnown = data.total !== undefined;
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current) input.current.value = String(page);
  }, [page]);

  function goToTypedPage(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const typed = Number.parseInt(input.current?.value ?? "", 10);
    // Accept any page until the total is known.
    const highest = isKnown ? last : Number.POSITIVE_INFINITY;
    const target = Number.isNaN(typed) ? page : Math.min(Math.max(typed, 1), highest);
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
        of {isKnown ? number(last) : "…"}
      </form>
      <StepButton
        rightSection={<IconArrowRight size={16} aria-hidden="true" />}
        possible={isKnown && page < last}
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
        <span className={classes.range}>{isKnown ? range(page, pageSize, total) : ""}</span>
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

function range(page: number, pageSize: number, total: number): string {
  const from = (page - 1) * pageSize + 1;
  if (total === 0 || from > total) return `0 of ${counted(total, "row")}`;
  return `${number(from)}-${number(Math.min(from + pageSize - 1, total))} of ${counted(total, "row")}`;
}
