import { Outlet } from "@tanstack/react-router";

export function ApiTokensPage() {
  return (
    <>
      <h1>API tokens</h1>
      <Outlet />
    </>
  );
}
