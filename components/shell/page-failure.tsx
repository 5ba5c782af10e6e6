"use client";
import { ErrorState } from "../data/error-state.tsx";
import { Page, Panel } from "./page.tsx";

/** A page that could not be drawn. `digest` is the id under which the server logged it. */
export function PageFailure({ digest, onRetry }: { digest?: string; onRetry: () => void }) {
  return (
    <Page title="This page did not load">
      <Panel label="What happened">
        <ErrorState
          title="Something went wrong while this page was drawn"
          what="The console or its database did not answer in time, or the page has a fault."
          kept="Nothing was changed. Services are still watched and jobs still run."
          todo="Try again. If it stays, look into the log of the web process for this id."
          requestId={digest}
          onRetry={onRetry}
        />
      </Panel>
    </Page>
  );
}
