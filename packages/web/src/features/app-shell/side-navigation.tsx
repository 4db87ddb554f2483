import { IconHistory, IconKey, IconShield, IconWebhook } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useCan } from "../session/viewer";
import classes from "./side-navigation.module.css";

export function SideNavigation() {
  const seesPolicy = useCan("apiToken:read");
  const seesWebhooks = useCan("webhook:read");
  const seesAuditTrail = useCan("auditTrail:read");
  return (
    <>
      <h2 className={classes.heading} id="platform-tools">
        Platform tools
      </h2>
      <ul className={classes.list} aria-labelledby="platform-tools">
        <li>
          <Link to="/settings/api-tokens" className={classes.link} activeProps={active} activeOptions={within}>
            <IconKey size={18} stroke={1.8} aria-hidden="true" />
            API tokens
          </Link>
        </li>
        {seesPolicy && (
          <li>
            <Link to="/settings/policy" className={classes.link} activeProps={active} activeOptions={within}>
              <IconShield size={18} stroke={1.8} aria-hidden="true" />
              Policy
            </Link>
          </li>
        )}
        {seesWebhooks && (
          <li>
            <Link to="/settings/webhooks" className={classes.link} activeProps={active} activeOptions={within}>
              <IconWebhook size={18} stroke={1.8} aria-hidden="true" />
              Webhooks
            </Link>
          </li>
        )}
        {seesAuditTrail && (
          <li>
            <Link to="/settings/audit-trail" className={classes.link} activeProps={active} activeOptions={within}>
              <IconHistory size={18} stroke={1.8} aria-hidden="true" />
              Audit trail
            </Link>
          </li>
        )}
      </ul>
    </>
  );
}

const active = { "aria-current": "page" } as const;
/** A token’s page belongs to API tokens, whatever its query. */
const within = { exact: false, includeSearch: false };
