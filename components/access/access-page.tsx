"use client";
import type { ReactNode } from "react";
import { Page, type Sentence } from "../shell/page.tsx";
import { PageTabs } from "../shell/page-tabs.tsx";
import { useMay } from "../shell/viewer.tsx";

const TABS = [
  { href: "/access/users", label: "Users", isForAdmins: true },
  { href: "/access/keys", label: "API keys", isForAdmins: false },
  { href: "/access/sessions", label: "Sessions", isForAdmins: false },
  { href: "/access/audit", label: "Audit", isForAdmins: true },
  { href: "/access/security", label: "Security", isForAdmins: false },
  { href: "/access/profile", label: "Profile", isForAdmins: false },
];

/** The frame of the module's pages; tabs that would be refused are not there. */
export function AccessPage({ sentence, actions, children }: { sentence?: Sentence; actions?: ReactNode; children: ReactNode }) {
  const isAdmin = useMay("admin");
  const tabs = TABS.filter((tab) => isAdmin || !tab.isForAdmins);
  return (
    <Page title="Access" sentence={sentence} actions={actions} tabs={<PageTabs label="Access" tabs={tabs} />}>
      {children}
    </Page>
  );
}
