import { useQuery } from "@apollo/client/react";
import { type RefObject, useEffect, useState } from "react";
import { graphql } from "../../../gql/gql";

const firstUseDocument = graphql(/* GraphQL */ `
  query ApiTokenFirstUse($id: ID!) {
    apiToken(id: $id) {
      id
      status
      lastAccessAt
      lastAccessIp
      expiresAt
    }
  }
`);

const askEvery = 3000;
/** Milliseconds after which an open page stops polling. */
const patience = 600_000;
/** The time of a request is known immediately, its IP address up to this many milliseconds later. */
const originFollowsWithin = 15_000;

/** The time and IP address of the last request. Polls until the first one, while the panel is in view. */
export function useFirstRequest(tokenId: string, panel: RefObject<HTMLElement | null>) {
  const inView = useInView(panel);
  const { data, error, startPolling, stopPolling } = useQuery(firstUseDocument, {
    variables: { id: tokenId },
  });
  const token = data?.apiToken;
  const letIn = token?.status === "ACTIVE" && !(token.expiresAt && Date.parse(token.expiresAt) <= Date.now());
  const waiting = letIn && !token.lastAccessAt;
  const [wasWaiting, setWasWaiting] = useState(false);
  if (waiting && !wasWaiting) setWasWaiting(true);
  const withoutOrigin =
    Boolean(token?.lastAccessAt) &&
    !token?.lastAccessIp &&
    Date.now() - Date.parse(token?.lastAccessAt ?? "") < originFollowsWithin;
  const [tired, setTired] = useState(false);
  const asks = inView && !tired && (waiting || (wasWaiting && withoutOrigin));

  useEffect(() => {
    if (!asks) return;
    startPolling(askEvery);
    const timer = setTimeout(() => setTired(true), patience);
    return () => {
      clearTimeout(timer);
      stopPolling();
    };
  }, [asks, startPolling, stopPolling]);

  const goOn = () => setTired(false);
  return { token, waiting, wasWaiting, failed: Boolean(error) && waiting, tired: tired && waiting, goOn };
}

/** Whether the window is visible and the element scrolled into view. */
function useInView(ref: RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(() => document.visibilityState === "visible");
  const [near, setNear] = useState(true);
  useEffect(() => {
    const onVisibility = () => setSeen(document.visibilityState === "visible");
    document.addEventListener("visibilitychange", onVisibility);
    return () => document.removeEventListener("visibilitychange", onVisibility);
  }, []);
  useEffect(() => {
    if (!ref.current || typeof IntersectionObserver === "undefined") return;
    const observer = new IntersectionObserver(([entry]) => setNear(entry?.isIntersecting ?? true));
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [ref]);
  return seen && near;
}
