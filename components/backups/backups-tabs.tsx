import { PageTabs } from "../shell/page-tabs.tsx";

/** Plans and the places they keep things in. */
export function BackupsTabs() {
  return <PageTabs label="Parts of backups" tabs={[{ href: "/backups", label: "Plans" }, { href: "/backups/stores", label: "Stores" }]} isExact />;
}
