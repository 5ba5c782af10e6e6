"use client";
import { Button } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import type { User } from "../../server/access/schema.ts";
import { DataTable, type Column } from "../data/data-table.tsx";
import { FilterBar } from "../data/filter-bar.tsx";
import { formatCount, plural } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { WithPanel } from "../data/side-panel.tsx";
import { StatusText } from "../data/status.tsx";
import { useDensity } from "../shell/density.ts";
import { nextCursor, pagedRows } from "../shell/paged.ts";
import type { Sentence } from "../shell/page.tsx";
import { useUrlState } from "../shell/url-state.ts";
import { useTRPC } from "../trpc/client.tsx";
import { AccessPage } from "./access-page.tsx";
import { CreateUserDialog } from "./create-user-dialog.tsx";
import { InviteDialog } from "./invite-dialog.tsx";
import { USER_QUALIFIERS, usersInput } from "./list-inputs.ts";
import { UserPanel } from "./user-panel.tsx";
import { ROLE_WORDS, userState } from "./words.ts";
import styles from "./access.module.css";

const COLUMNS: readonly Column<User>[] = [
  {
    id: "name",
    header: "Name",
    phone: true,
    cell: (user) => (
      <span className={styles.twoLines}>
        <b>{user.name}</b>
        <span>{user.email}</span>
      </span>
    ),
  },
  { id: "role", header: "Role", width: 96, cell: (user) => ROLE_WORDS[user.role] },
  { id: "state", header: "State", width: 128, phone: true, cell: (user) => <UserState user={user} /> },
  { id: "factor", header: "2nd factor", width: 104, wide: true, cell: (user) => (user.hasSecondFactor ? "On" : user.isLinked ? "At the issuer" : "–") },
  { id: "seen", header: "Last sign-in", width: 136, cell: (user) => <RelativeTime at={user.lastSignInAt} /> },
  { id: "sessions", header: "Sessions", align: "right", width: 88, cell: (user) => formatCount(user.liveSessions) },
  { id: "keys", header: "API keys", align: "right", width: 88, cell: (user) => formatCount(user.liveKeys) },
];

function UserState({ user }: { user: User }) {
  const { word, state } = userState(user);
  return <StatusText state={state}>{word}</StatusText>;
}

function sentenceOf(users: readonly User[] | undefined, hasMore: boolean): Sentence | undefined {
  if (!users || hasMore) return undefined;
  const admins = users.filter((user) => user.role === "admin" && !user.disabledAt).length;
  const lead = `${plural(users.length, "person", "people")} here, ${plural(admins, "admin")}.`;
  if (admins === 1) return { tone: "warn", lead, rest: "If the only admin loses the password, a new one can be made only on the machine itself. Make a second one." };
  return { tone: "ok", lead };
}

/** People: who may come in, and as what. */
export function UsersView() {
  const trpc = useTRPC();
  const search = useSearchParams();
  const density = useDensity();
  const [filter, setFilter] = useUrlState("q");
  const [selected, select] = useUrlState("user");
  const [adding, setAdding] = useUrlState("add");
  const query = useInfiniteQuery(trpc.access.users.infiniteQueryOptions(usersInput(search), { getNextPageParam: nextCursor, placeholderData: keepPreviousData }));
  const paged = pagedRows(query);
  const user = paged.rows?.find((row) => row.id === selected);
  return (
    <AccessPage
      sentence={filter ? undefined : sentenceOf(paged.rows, paged.hasMore)}
      actions={
        <>
          <Button variant="default" onClick={() => setAdding("1")}>
            Add user
          </Button>
          <Button leftSection={<IconSend size={16} aria-hidden />} onClick={() => setAdding("invite")}>
            Invite
          </Button>
        </>
      }
    >
      <div className={styles.filters}>
        <div className={styles.search}>
          <FilterBar label="Filter users" value={filter} onChange={setFilter} qualifiers={USER_QUALIFIERS} placeholder="name, email, role" matches={paged.rows?.length} />
        </div>
      </div>
      <WithPanel panel={user ? <UserPanel key={user.id} user={user} onClose={() => select(null)} /> : null}>
        <DataTable
          label="Users"
          noun="person"
          nounPlural="people"
          columns={COLUMNS}
          rowId={(row) => row.id}
          rowLabel={(row) => row.name}
          selected={selected || null}
          onSelect={select}
          density={density}
          {...paged}
        />
      </WithPanel>
      <CreateUserDialog opened={adding === "1"} onClose={() => setAdding(null)} />
      <InviteDialog opened={adding === "invite"} onClose={() => setAdding(null)} />
    </AccessPage>
  );
}
