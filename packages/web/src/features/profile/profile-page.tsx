import "@mantine/core/styles/Radio.css";
import "@mantine/core/styles/InlineInput.css";
import { useQuery } from "@apollo/client/react";
import { Group, type MantineColorScheme, NativeSelect, Radio, Skeleton, useMantineColorScheme } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { ErrorState } from "../../components/page/error-state";
import { PageLayout } from "../../components/page/page-layout";
import { graphql } from "../../gql/gql";
import { useLazyParts } from "../../lib/lazy-part";
import { chooseTimeZone, chosenTimeZone } from "../../lib/time-zone";
import { ChangePassword } from "./change-password";
import classes from "./profile-page.module.css";
import { Sessions } from "./sessions";

const profileDocument = graphql(/* GraphQL */ `
  query Profile {
    viewer {
      actor {
        id
        name
        ... on User {
          email
        }
      }
      hasPassword
      sessions {
        id
        ...SessionsTable
      }
    }
  }
`);

/** What concerns the person rather than the account. */
export function ProfilePage() {
  const { data, error, refetch } = useQuery(profileDocument, { fetchPolicy: "cache-and-network" });
  const viewer = data?.viewer;
  useLazyParts(viewer !== undefined);
  return (
    <PageLayout title="Your profile">
      {viewer ? (
        <div className={classes.sections}>
          <Section title="About you" about="Your platform manages your name and email address.">
            <dl className={classes.facts}>
              <dt>Name</dt>
              <dd>{viewer.actor.name}</dd>
              {"email" in viewer.actor && (
                <>
                  <dt>Email</dt>
                  <dd>{viewer.actor.email}</dd>
                </>
              )}
            </dl>
          </Section>
          <Section title="Display" about="Theme and time zone apply to this browser.">
            <Theme />
            <TimeZone />
          </Section>
          {viewer.hasPassword && (
            <Section title="Password" about="Changing it signs you out in all other browsers.">
              <ChangePassword onChanged={() => void refetch()} />
            </Section>
          )}
          <Section
            title="Sessions"
            about="Browsers where you’re signed in. If you don’t recognise a session, end it and change your password."
          >
            <Sessions sessions={viewer.sessions} onEnded={() => void refetch()} />
          </Section>
        </div>
      ) : error ? (
        <ErrorState title="Couldn’t load your profile" error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton height={320} />
      )}
    </PageLayout>
  );
}

function Section({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <div>
        <h2>{title}</h2>
        <p className={classes.about}>{about}</p>
      </div>
      <div>{children}</div>
    </section>
  );
}

function Theme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Radio.Group
      aria-label="Theme"
      value={colorScheme}
      onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}
    >
      <Group gap="lg">
        <Radio value="light" label="Light" />
        <Radio value="dark" label="Dark" />
        <Radio value="auto" label="System" />
      </Group>
    </Radio.Group>
  );
}

/** UTC first, which not every browser lists. */
const timeZones = (chosen: string | undefined) => [
  ...new Set(["UTC", ...(chosen ? [chosen] : []), ...(Intl.supportedValuesOf?.("timeZone") ?? [])]),
];

const spaced = (timeZone: string) => timeZone.replaceAll("_", " ");

function TimeZone() {
  const [chosen, setChosen] = useState(chosenTimeZone());
  const ofComputer = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const choose = (timeZone: string) => {
    chooseTimeZone(timeZone || undefined);
    setChosen(chosenTimeZone());
  };
  return (
    <NativeSelect
      mt="md"
      maw={340}
      label="Time zone"
      description="Dates and times are shown and chosen in this time zone."
      data={[
        { value: "", label: `Your computer’s: ${spaced(ofComputer)}` },
        ...timeZones(chosen).map((value) => ({ value, label: spaced(value) })),
      ]}
      value={chosen ?? ""}
      onChange={(event) => choose(event.currentTarget.value)}
    />
  );
}
