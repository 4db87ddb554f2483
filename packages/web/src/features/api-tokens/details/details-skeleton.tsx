import { Skeleton, VisuallyHidden } from "@mantine/core";
import { BackToList } from "./details-header";
import classes from "./details-page.module.css";

export function DetailsSkeleton() {
  return (
    <div className={classes.page} role="status" aria-label="Loading the API token">
      <VisuallyHidden component="h1">API token</VisuallyHidden>
      <div className={classes.header}>
        <BackToList />
        <Skeleton h={44} w={44} />
        <Skeleton h={44} maw={280} />
      </div>
      <Skeleton h={96} radius="lg" />
      <Skeleton h={50} radius="lg" />
      <Skeleton h={240} radius="lg" />
    </div>
  );
}
