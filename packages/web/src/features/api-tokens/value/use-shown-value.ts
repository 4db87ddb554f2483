import { useCallback, useEffect, useRef, useState } from "react";

/** How long a value is shown, in seconds. */
export const shownForSeconds = 30;

interface Shown {
  value: string;
  /** In terms of performance.now(), so that changing the clock can’t extend it. */
  until: number;
}

/**
 * Shows a value briefly. It is kept only in this state, and dropped after 30 s, when the page is hidden or left, and when
 * the component unmounts. Later responses are discarded.
 */
export function useShownValue(fetchValue: () => Promise<string>) {
  const [shown, setShown] = useState<Shown | null>(null);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const asked = useRef(0);

  const hide = useCallback(() => {
    asked.current++;
    setShown(null);
    setPending(false);
  }, []);

  const show = async () => {
    const ask = ++asked.current;
    setPending(true);
    setError(null);
    try {
      const value = await fetchValue();
      if (ask === asked.current) setShown({ value, until: performance.now() + shownForSeconds * 1000 });
    } catch (failure) {
      if (ask === asked.current) setError(failure);
    } finally {
      if (ask === asked.current) setPending(false);
    }
  };

  useHideOnLeave(hide);
  const secondsLeft = useSecondsLeft(shown?.until ?? null, hide);
  return { value: shown?.value ?? null, secondsLeft, pending, error, show: () => void show(), hide };
}

function useHideOnLeave(hide: () => void): void {
  useEffect(() => {
    const onVisibility = () => {
      if (document.visibilityState === "hidden") hide();
    };
    document.addEventListener("visibilitychange", onVisibility);
    // The back/forward cache would keep the state.
    window.addEventListener("pagehide", hide);
    return () => {
      document.removeEventListener("visibilitychange", onVisibility);
      window.removeEventListener("pagehide", hide);
      hide();
    };
  }, [hide]);
}

function useSecondsLeft(until: number | null, onEnd: () => void): number {
  const [left, setLeft] = useState(shownForSeconds);
  useEffect(() => {
    if (until === null) return;
    const tick = () => {
      const rest = Math.ceil((until - performance.now()) / 1000);
      setLeft(rest);
      if (rest <= 0) onEnd();
    };
    tick();
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [until, onEnd]);
  return left;
}
