"use client";
import { Popover } from "@mantine/core";
import { IconKey, IconLogout, IconSelector, IconUser } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { Link } from "../data/link.tsx";
import { useState } from "react";
import { signOut } from "./sign-out.ts";
import { toast } from "./toast.ts";
import { useViewer } from "./viewer.tsx";
import styles from "./navigation.module.css";

/** Seen only in the open menu, so loaded with it; the space is kept. */
const AppearanceChoices = dynamic(() => import("./appearance-choices.tsx"), { ssr: false, loading: () => <div className={styles.choices} /> });

const ROLE_WORDS = { admin: "Admin", editor: "Editor", viewer: "Viewer" } as const;

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  return `${words[0]?.[0] ?? ""}${words.length > 1 ? (words.at(-1)?.[0] ?? "") : ""}`.toUpperCase();
}

function leave(): void {
  signOut().catch(() => toast({ tone: "fail", title: "Not signed out", message: "The console did not answer. You are still signed in; try again." }));
}

/** Who is signed in, and what is theirs: profile, keys, theme, density, sign out. */
export function UserMenu() {
  const viewer = useViewer();
  const [opened, setOpened] = useState(false);
  if (!viewer) return null;
  const close = () => setOpened(false);
  return (
    <Popover opened={opened} onChange={setOpened} position="top-start" width={232} offset={4} trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={styles.user} onClick={() => setOpened(!opened)}>
          <span className={styles.initials} aria-hidden>
            {initialsOf(viewer.name)}
          </span>
          <span className={styles.person}>
            <b>{viewer.name}</b>
            <span>{ROLE_WORDS[viewer.role]}</span>
          </span>
          <span className="sw-hidden">account menu</span>
          <IconSelector size={16} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label="Account">
        <div className={styles.menu}>
          <span className={styles.email}>{viewer.email}</span>
          <Link href="/access/profile" className={styles.item} onClick={close}>
            <IconUser size={16} aria-hidden /> Profile
          </Link>
          <Link href="/access/keys" className={styles.item} onClick={close}>
            <IconKey size={16} aria-hidden /> API keys
          </Link>
          <hr className={styles.rule} />
          <AppearanceChoices />
          <hr className={styles.rule} />
          <button type="button" className={styles.item} onClick={leave}>
            <IconLogout size={16} aria-hidden /> Sign out
          </button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
