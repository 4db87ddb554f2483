import { bucketHeaders, type Decision } from "@hallpass/shared/check";
import { invalidToken, outsideIpRanges, type RequestError, rateLimited } from "../../core/errors.js";

/** The error of a denied request, except for a check's own response. */
export function errorOf({ reason, bucket }: Extract<Decision, { good: false }>): RequestError {
  if (reason === "outside_ip_ranges") return outsideIpRanges();
  if (!bucket) return invalidToken();
  const { requests, perSeconds } = bucket.size;
  const limit = `${requests.toLocaleString("en")} ${requests === 1 ? "request" : "requests"} per ${perSeconds === 1 ? "second" : `${perSeconds.toLocaleString("en")} seconds`}`;
  return rateLimited(`The API token has reached its limit of ${limit}.`, bucket.retryAfter, bucketHeaders(bucket));
}
