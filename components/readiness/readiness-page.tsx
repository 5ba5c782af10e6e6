import { Page } from "@/components/shell/page";

/** The page of readiness. */
export function ReadinessPage() {
  return <Page title="Readiness">{null}</Page>;
}
