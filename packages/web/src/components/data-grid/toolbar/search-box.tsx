import { CloseButton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import type { GridState } from "../grid-types";
import type { GridUrl } from "../url/use-grid-url";

interface SearchBoxProps {
  label: string;
  state: GridState;
  change: GridUrl["change"];
  length: number;
  termOf?: ((text: string) => string) | undefined;
}

const itself = (text: string) => text;

/** Milliseconds between the last keystroke and the search. */
const pause = 300;

export function SearchBox({ label, state: { search }, change, length, termOf = itself }: SearchBoxProps) {
  const [text, setText] = useState(search);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // Back, a view or "Clear" may change the search, but not while the user is typing.
  const written = useRef(search);
  useEffect(() => {
    if (search !== written.current) setText(search);
    written.current = search;
  }, [search]);
  useEffect(() => () => clearTimeout(timer.current), []);

  function apply(value: string) {
    clearTimeout(timer.current);
    const trimmed = termOf(value.trim());
    if (trimmed === search) return;
    written.current = trimmed;
    // One history entry per search, not one per pause in typing.
    change({ search: trimmed }, { replace: search !== "" });
  }

  function clear() {
    setText("");
    apply("");
  }

  return (
    <TextInput
      type="search"
      size="xs"
      w={{ base: "100%", xs: 220 }}
      aria-label={`Search ${label}`}
      placeholder="Search"
      value={text}
      maxLength={length}
      leftSection={<IconSearch size={15} aria-hidden="true" />}
      rightSection={text && <CloseButton size="sm" aria-label="Clear search" onClick={clear} />}
      onChange={({ currentTarget, nativeEvent }) => {
        const { value } = currentTarget;
        // Not while typing: the rest would be added to the replacement.
        const isPasted = (nativeEvent as InputEvent).inputType === "insertFromPaste";
        setText(isPasted ? termOf(value) : value);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => apply(value), pause);
      }}
      onKeyDown={({ key }) => key === "Enter" && apply(text)}
      onBlur={() => setText(termOf(text))}
    />
  );
}
