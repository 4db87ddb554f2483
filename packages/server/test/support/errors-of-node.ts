import { types } from "node:util";

// jest runs each test file in a realm of its own, in which an error of Node's own modules, such as a refused connection,
// is no `instanceof Error`. In the real process it is, and GraphQL tells errors by it.
const ordinary = Function.prototype[Symbol.hasInstance];
Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, value: unknown) {
    return ordinary.call(this as never, value) || (this === Error && types.isNativeError(value));
  },
});
