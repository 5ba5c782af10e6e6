"use client";
import { Page, Panel } from "./page.tsx";
import styles from "./page.module.css";

/**
 * A page that could not be drawn. `digest` is the id under which the server logged it. It stands in every page's bundle,
 * because it must work when nothing more can be loaded; so it is plain markup.
 */
export function PageFailure({ digest, onRetry }: { digest?: string; onRetry: () => void }) {
  return (
    <Page title="This page did not load" sentence={{ tone: "fail", lead: "Something went wrong while it was drawn.", rest: "The console or its database did not answer in time, or the page has a fault." }}>
      <Panel label="What now">
        <div className={styles.failure}>
          <p>Nothing was changed. Services are still watched and jobs still run.</p>
          <p>Try again. If it stays, look into the log of the web process{digest ? " for this id" : ""}.</p>
          {digest ? <code>{digest}</code> : null}
          <button type="button" className={styles.retry} onClick={onRetry}>
            Try again
          </button>
        </div>
      </Panel>
    </Page>
  );
}
