"use client";
import { useQuery } from "@tanstack/react-query";
import { ErrorState } from "../data/error-state.tsx";
import { describeError } from "../data/describe-error.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { SkeletonRows } from "../data/skeleton.tsx";
import { DensityChoice, ThemeChoice } from "../shell/appearance-choice.tsx";
import { Card, CardGrid, GridCell, Page, type Sentence } from "../shell/page.tsx";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { CacheCard } from "./cache-card.tsx";
import { EgressCard } from "./egress-card.tsx";
import { EnvironmentTable } from "./environment-table.tsx";
import { SettingsFacts, SettingsForm } from "./settings-form.tsx";
import styles from "./settings.module.css";

/** What may be changed while the console runs, the environment it was started with, and how it looks in this browser. */
export function SettingsView() {
  const trpc = useTRPC();
  const isAdmin = useMay("admin");
  const { data, error, refetch } = useQuery(trpc.settings.get.queryOptions({}));
  const sentence: Sentence | undefined = data && {
    tone: "ok",
    lead: data.revision === 0 ? "Nothing was changed yet; every setting has its default." : `Saved ${data.revision} times,`,
    rest: data.updatedAt ? <>last <RelativeTime at={data.updatedAt} /> by {data.updatedBy}.</> : null,
  };
  return (
    <Page title="Settings" sentence={sentence}>
      <CardGrid>
        <GridCell span={8}>
          <Card title="This console" footer={{ source: "Saved in the database", at: data?.updatedAt ? <RelativeTime at={data.updatedAt} /> : "defaults" }}>
            {data ? isAdmin ? <SettingsForm state={data} /> : <SettingsFacts state={data} /> : null}
            {!data && error ? <ErrorState title="The settings could not be read" what={describeError(error).message} onRetry={() => void refetch()} /> : null}
            {!data && !error ? <SkeletonRows count={6} /> : null}
          </Card>
        </GridCell>
        <GridCell span={4}>
          <div className={styles.side}>
            <Card title="Appearance" footer={{ source: "Kept in this browser" }}>
              <div className={styles.appearance}>
                <span className={styles.label}>Theme</span>
                <ThemeChoice />
                <span className={styles.label}>Density</span>
                <DensityChoice />
              </div>
            </Card>
            <CacheCard />
          </div>
        </GridCell>
        {isAdmin ? (
          <GridCell span={12}>
            <EgressCard />
          </GridCell>
        ) : null}
      </CardGrid>
      {isAdmin ? <EnvironmentTable /> : null}
    </Page>
  );
}
