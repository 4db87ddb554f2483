import { types } from "node:util";

// Jest runs each test file in its own realm, where errors of Node's modules, such as a refused connection, are not
// `instanceof Error`. In the real process they are, and GraphQL depends on it.
const ordinary = Function.prototype[Symbol.hasInstance];
Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, value: unknown) {
    return ordinary.call(this as never, value) || (this === Error && types.isNativeError(value));
  },
});
