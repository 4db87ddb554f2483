import { reloadWhenUpdated } from "./reload-when-updated";

it("reloads the page once when a part of the app is gone, and not again and again", () => {
  const reload = jest.fn();
  reloadWhenUpdated(reload);
  window.dispatchEvent(new Event("vite:preloadError"));
  expect(reload).toHaveBeenCalledTimes(1);
  window.dispatchEvent(new Event("vite:preloadError"));
  expect(reload).toHaveBeenCalledTimes(1);
});
