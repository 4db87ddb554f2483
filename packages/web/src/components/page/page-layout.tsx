import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./page-layout.module.css";

interface PageLayoutProps {
  title: string;
  /** Shown to the right of the title. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A page inside the shell: title bar and content. */
export function PageLayout({ title, actions, children }: PageLayoutProps) {
  return (
    <>
      <title>{`${title} · Hallpass`}</title>
      <header className={classes.header}>
        <Title order={1} size="h3">
          {title}
        </Title>
        {actions}
      </header>
      <div className={classes.body}>{children}</div>
    </>
  );
}
