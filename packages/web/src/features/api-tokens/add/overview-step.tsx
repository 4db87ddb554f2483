import type { ModuleSummary } from "@hallpass/shared";
import { Anchor, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { InitialsAvatar } from "../../../components/initials-avatar";
import { isolated } from "../../../lib/isolated";
import { formatDay } from "../../../lib/time-zone";
import { rateLimitInWords } from "../form/rate-limit";
import { type FormStep, inputOf, type TokenDraft } from "../form/token-draft";
import classes from "./overview-step.module.css";

interface OverviewStepProps {
  draft: TokenDraft;
  modules: readonly ModuleSummary[];
  onEdit: (step: FormStep) => void;
}

/** Reviews the token before it is added. */
export function OverviewStep({ draft, modules, onEdit }: OverviewStepProps) {
  const chosen = modules.filter(({ id }) => draft.moduleIds.includes(id));
  const { expiresAt, ipRanges, rateLimit } = inputOf(draft);
  return (
    <Stack gap="lg">
      <Section title="General" onEdit={() => onEdit("general")}>
        <dl className={classes.facts}>
          <dt>Name</dt>
          <dd className={classes.name}>
            <InitialsAvatar name={draft.name} src={draft.icon} size={28} />
            {draft.name.trim()}
          </dd>
          <dt>Description</dt>
          <dd className={classes.text}>{draft.description.trim() || "—"}</dd>
          <dt>Expires</dt>
          <dd>{expiresAt ? `Valid through ${formatDay(expiresAt)}` : "Never"}</dd>
          <dt>IP addresses</dt>
          <dd>{ipRanges.join(", ") || "Any"}</dd>
          <dt>Rate limit</dt>
          <dd>{rateLimit ? rateLimitInWords(rateLimit) : "None"}</dd>
        </dl>
      </Section>
      <Section title={chosen.length === 1 ? "1 module" : `${chosen.length} modules`} onEdit={() => onEdit("modules")}>
        <ul className={classes.modules}>
          {chosen.map(({ id, name }) => (
            <li key={id}>
              {isolated(name)}{" "}
              <Text span size="xs" c="dimmed">
                {name === id ? "Not enabled for this account" : id}
              </Text>
            </li>
          ))}
        </ul>
      </Section>
    </Stack>
  );
}

function Section({ title, onEdit, children }: { title: string; onEdit: () => void; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <header className={classes.header}>
        <h4 className={classes.title}>{title}</h4>
        <Anchor component="button" type="button" size="sm" onClick={onEdit} aria-label={`Edit: ${title}`}>
          Edit
        </Anchor>
      </header>
      {children}
    </section>
  );
}
