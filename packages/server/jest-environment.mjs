import { TestEnvironment } from "jest-environment-node";

// A worker that jest tells to end, and that nothing keeps alive, ends at once. Node would dispose of all its memory first, which
// takes seconds on a slow machine, and jest takes a worker that needs more than half of one for one that hangs.
process.once("beforeExit", () => process.exit());

// As it is served: in development graphql checks each value's class again and again, which takes a tenth of the time.
process.env.NODE_ENV = "production";

export default TestEnvironment;
