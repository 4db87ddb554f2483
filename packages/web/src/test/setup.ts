import { format } from "node:util";
import "@testing-library/jest-dom";
import { configure } from "@testing-library/dom";

// Browser APIs that jsdom lacks and the libraries expect.
class ResizeObserverStub {
  observe() {}
  unobserve() {}
  disconnect() {}
}

Object.assign(window, {
  ResizeObserver: ResizeObserverStub,
  scrollTo: () => {},
  requestIdleCallback: (run: () => void) => run(),
  matchMedia: (query: string) => ({
    matches: false,
    media: query,
    onchange: null,
    addListener: () => {},
    removeListener: () => {},
    addEventListener: () => {},
    removeEventListener: () => {},
    dispatchEvent: () => false,
  }),
});
Element.prototype.scrollIntoView = () => {};
Object.defineProperty(document, "fonts", { value: { addEventListener() {}, removeEventListener() {} } });

// Generous, because slow machines need it. Not a performance target.
configure({ asyncUtilTimeout: 60_000 });
jest.setTimeout(300_000);

/** Errors logged during the test, mainly React’s warnings. Tests that expect one mock console.error. */
const printed: string[] = [];

beforeEach(() => {
  printed.length = 0;
  console.error = (...texts: unknown[]) => void printed.push(format(...texts));
});

afterEach(() => {
  localStorage.clear();
  jest.restoreAllMocks();
  expect(printed).toEqual([]);
});
