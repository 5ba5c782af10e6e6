import { Page } from "@/components/shell/page";

/** The page of coverage. */
export function CoveragePage() {
  return <Page title="Coverage">{null}</Page>;
}
