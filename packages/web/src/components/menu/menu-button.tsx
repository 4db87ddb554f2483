import {
  type ButtonHTMLAttributes,
  cloneElement,
  type ReactElement,
  type ReactNode,
  type Ref,
  type RefObject,
  Suspense,
  useId,
  useRef,
  useState,
} from "react";
import { lazyPart } from "../../lib/lazy-part";

const MenuDropdown = lazyPart(async () => (await import("./menu-dropdown")).MenuDropdown);

type ButtonProps = Pick<
  ButtonHTMLAttributes<HTMLButtonElement>,
  "id" | "onClick" | "onKeyDown" | "aria-haspopup" | "aria-expanded" | "aria-controls"
>;

interface MenuButtonProps {
  /** The button. Handlers and ARIA attributes are added here. */
  button: ReactElement<ButtonProps & { ref?: Ref<HTMLButtonElement> }>;
  /** The menu’s accessible name. */
  label: string;
  /** In pixels. */
  width: number;
  /** The items, as a lazy component: they are not part of the first load. */
  children: ReactNode;
  /** The button, for returning focus to it. */
  ref?: RefObject<HTMLButtonElement | null>;
}

/** A button that opens a menu. A page has many and opens few, so each menu is created only when opened. */
export function MenuButton({ button, label, width, children, ref }: MenuButtonProps) {
  const id = useId();
  const own = useRef<HTMLButtonElement>(null);
  const element = ref ?? own;
  const [state, setState] = useState<"unused" | "opened" | "closed">("unused");
  const opened = state === "opened";
  const toggle = () => setState(opened ? "closed" : "opened");

  function close() {
    setState("closed");
    // When first opened, the menu doesn’t know the previously focused element.
    element.current?.focus({ preventScroll: true });
  }

  return (
    <>
      {cloneElement(button, {
        ref: element,
        id,
        onClick: toggle,
        onKeyDown: (event) => {
          if (event.key !== "ArrowDown" || opened) return;
          event.preventDefault();
          setState("opened");
        },
        "aria-haspopup": "menu",
        "aria-expanded": opened,
        "aria-controls": opened ? `${id}-dropdown` : undefined,
      })}
      {state !== "unused" && (
        <Suspense>
          <MenuDropdown id={id} button={element} label={label} width={width} opened={opened} onClose={close}>
            {children}
          </MenuDropdown>
        </Suspense>
      )}
    </>
  );
}
