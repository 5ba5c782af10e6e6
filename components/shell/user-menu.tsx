"use client";
import { Menu } from "@mantine/core";
import { IconKey, IconLogout, IconSelector, IconUser } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import Link from "next/link";
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
  if (!viewer) return null;
  return (
    <Menu position="top-start" width={232} offset={4}>
      <Menu.Target>
        <button type="button" className={styles.user} aria-label={`${viewer.name}, account menu`}>
          <span className={styles.initials} aria-hidden>
            {initialsOf(viewer.name)}
          </span>
          <span className={styles.person}>
            <b>{viewer.name}</b>
            <span>{ROLE_WORDS[viewer.role]}</span>
          </span>
          <IconSelector size={16} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{viewer.email}</Menu.Label>
        <Menu.Item component={Link} href="/access/profile" leftSection={<IconUser size={16} />}>
          Profile
        </Menu.Item>
        <Menu.Item component={Link} href="/access/keys" leftSection={<IconKey size={16} />}>
          API keys
        </Menu.Item>
        <Menu.Divider />
        <AppearanceChoices />
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={leave}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
