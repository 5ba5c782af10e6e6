import { Page } from "@/components/shell/page";

/** The page of backups. */
export function BackupsPage() {
  return <Page title="Backups">{null}</Page>;
}
