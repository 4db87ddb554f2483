/** A check cannot decide in time, so the request is neither allowed nor denied. Over HTTP, this is a 503. */
export class Undecided extends Error {
  override readonly name = "Undecided";
}
