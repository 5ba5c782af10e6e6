import { Page } from "@/components/shell/page";

/** The page of loadtests. */
export function LoadtestsPage() {
  return <Page title="Loadtests">{null}</Page>;
}
