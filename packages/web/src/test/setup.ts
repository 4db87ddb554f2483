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

configure({ asyncUtilTimeout: 5000 });
jest.setTimeout(30_000);

afterEach(() => localStorage.clear());
