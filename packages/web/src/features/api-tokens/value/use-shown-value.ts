import { useCallback, useEffect, useRef, useState } from "react";

/** Seconds for which a value stands on the page. */
export const shownForSeconds = 30;

interface Shown {
  value: string;
  /** Of performance.now(), so that no clock that is set can make it longer. */
  until: number;
}

/**
 * A value that may be seen for a while. It lives in this state alone, and leaves it after 30 s, when the page is hidden
 * or put aside, and with the component. An answer that comes after that is thrown away.
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
    // A page kept for the Back button keeps its state.
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
