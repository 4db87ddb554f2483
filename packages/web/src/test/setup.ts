import { format } from "node:util";
import "@testing-library/jest-dom";
import { configure } from "@testing-library/dom";

// What jsdom lacks and the libraries expect.
class ResizeObserverStub {
  observe() {}
  unobserve() {}
  disconnect() {}
}

Object.assign(window, {
  ResizeObserver: ResizeObserverStub,
  scrollTo: () => {},
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

// For what never comes. Nothing is promised by them: a slow machine needs long.
configure({ asyncUtilTimeout: 60_000 });
jest.setTimeout(300_000);

/** What the test printed as an error: React's warnings, above all. A test that expects one puts its own in place. */
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
