import { IconHistory, IconKey, IconShield, IconWebhook } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useCan } from "../session/viewer";
import classes from "./side-navigation.module.css";

export function SideNavigation() {
  const permitted = {
    "/settings/api-tokens": true,
    "/settings/policy": useCan("apiToken:read"),
    "/settings/webhooks": useCan("webhook:read"),
    "/settings/audit-trail": useCan("auditTrail:read"),
  };
  return (
    <>
      <h2 className={classes.heading} id="platform-tools">
        Platform tools
      </h2>
      <ul className={classes.list} aria-labelledby="platform-tools">
        {pages
          .filter(({ to }) => permitted[to])
          .map(({ to, label, Icon }) => (
            <li key={to}>
              <Link to={to} className={classes.link} activeProps={active} activeOptions={within}>
                <Icon size={18} stroke={1.8} aria-hidden="true" />
                {label}
              </Link>
            </li>
          ))}
      </ul>
    </>
  );
}

const pages = [
  { to: "/settings/api-tokens", label: "API tokens", Icon: IconKey },
  { to: "/settings/policy", label: "Policy", Icon: IconShield },
  { to: "/settings/webhooks", label: "Webhooks", Icon: IconWebhook },
  { to: "/settings/audit-trail", label: "Audit trail", Icon: IconHistory },
] as const;

const active = { "aria-current": "page" } as const;
/** A token’s page belongs to API tokens, whatever its query. */
const within = { exact: false, includeSearch: false };
