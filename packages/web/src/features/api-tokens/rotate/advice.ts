import { type RotationState, rotatedAt } from "./rotation-state";

export interface Advice {
  /** Whether the previous value can be revoked safely. */
  safe: boolean;
  text: string;
}

const waiting: Advice = {
  safe: false,
  text: "Nothing has used the new value yet. Any program using this token still has the previous one.",
};
const stillUsed: Advice = {
  safe: false,
  text: "The previous value has been used since the rotation. Find out what still uses it before you revoke it.",
};
const safe: Advice = {
  safe: true,
  text: "The new value is in use, and nothing has used the previous one since the rotation. You can revoke it.",
};
const unused: Advice = { safe: true, text: "The token has never been used. You can revoke the previous value." };

/** Advises on revoking the previous value, based on when each value was last used. */
export function adviceOn(token: RotationState): Advice {
  const { previousValueLastAccessAt: previous, currentValueLastAccessAt: current } = token;
  if (!token.lastAccessAt) return unused;
  if (!current) return waiting;
  const rotated = Date.parse(rotatedAt(token) ?? "");
  return previous && !(Date.parse(previous) <= rotated) ? stillUsed : safe;
}
