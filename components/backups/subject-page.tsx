import type { ReactNode } from "react";
import { describeError } from "../data/describe-error.ts";
import { ErrorState } from "../data/error-state.tsx";
import { SkeletonBlock } from "../data/skeleton.tsx";
import { Page, Panel } from "../shell/page.tsx";

/** What stands in place of a run, drill or restore while it loads or cannot be read. */
export function SubjectPlaceholder({ noun, error, onRetry }: { noun: string; error: unknown; onRetry: () => void }): ReactNode {
  return (
    <Page title={noun}>
      {error ? (
        <Panel label={`${noun} not read`}>
          <ErrorState title={`This ${noun.toLowerCase()} could not be read`} what={describeError(error).message} kept="Nothing was changed." requestId={describeError(error).requestId} onRetry={onRetry} />
        </Panel>
      ) : (
        <SkeletonBlock height={360} />
      )}
    </Page>
  );
}
