export { Undecided } from "@hallpass/shared/check";
export { type RequestWithToken, requireToken, type TokenGuard } from "./require-token.js";
export {
  createVerifier,
  type TokenIdentity,
  type Verdict,
  type Verifier,
  type VerifierOptions,
  type VerifyOptions,
} from "./verifier.js";
