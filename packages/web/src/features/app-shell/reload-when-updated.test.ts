import { reloadWhenUpdated } from "./reload-when-updated";

test("A missing part of the app reloads the page only once", () => {
  const reload = jest.fn();
  reloadWhenUpdated(reload);
  window.dispatchEvent(new Event("vite:preloadError"));
  expect(reload).toHaveBeenCalledTimes(1);
  window.dispatchEvent(new Event("vite:preloadError"));
  expect(reload).toHaveBeenCalledTimes(1);
});
