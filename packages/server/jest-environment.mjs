import { TestEnvironment } from "jest-environment-node";

// A worker that jest tells to end, and that nothing keeps alive, ends at once. Node would dispose of all its memory first, which
// takes seconds on a slow machine, and jest takes a worker that needs more than half of one for one that hangs.
process.once("beforeExit", () => process.exit());

export default TestEnvironment;
