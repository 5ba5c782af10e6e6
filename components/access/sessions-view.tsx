"use client";
import { Button } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import type { Session } from "../../server/access/schema.ts";
import { Confirm } from "../data/confirm.tsx";
import { DataTable, type Column } from "../data/data-table.tsx";
import { FilterChips } from "../data/filter-chips.tsx";
import { plural } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { Tag } from "../data/tags.tsx";
import { useDensity } from "../shell/density.ts";
import { nextCursor, pagedRows } from "../shell/paged.ts";
import { toast } from "../shell/toast.ts";
import { useUrlState } from "../shell/url-state.ts";
import { useMay, useViewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { AccessPage } from "./access-page.tsx";
import { sessionsInput } from "./list-inputs.ts";
import { sessionsSentence } from "./sentences.ts";
import { browserOf, SIGNED_IN_BY } from "./words.ts";
import styles from "./access.module.css";

const OWNER_CHIPS = [
  { value: "", label: "Mine" },
  { value: "all", label: "Everyone's" },
];

function columnsOf(onEnd: (session: Session) => void): Column<Session>[] {
  return [
    {
      id: "who",
      header: "Person",
      phone: true,
      cell: (session) => (
        <span className={styles.twoLines}>
          <b>{session.userName}</b>
          <span>{session.userEmail}</span>
        </span>
      ),
    },
    {
      id: "browser",
      header: "Browser",
      cell: (session) => (
        <span title={session.userAgent ?? undefined}>
          {browserOf(session.userAgent)} {session.isCurrent ? <Tag>this one</Tag> : null}
        </span>
      ),
    },
    { id: "address", header: "Address", width: 140, wide: true, cell: (session) => <code>{session.address ?? "–"}</code> },
    { id: "by", header: "By", width: 152, wide: true, cell: (session) => SIGNED_IN_BY[session.signedInBy] },
    { id: "since", header: "Signed in", width: 120, cell: (session) => <RelativeTime at={session.createdAt} /> },
    { id: "seen", header: "Last seen", width: 120, phone: true, cell: (session) => <RelativeTime at={session.lastSeenAt} /> },
    {
      id: "act",
      header: "Act",
      hiddenHeader: true,
      width: 88,
      align: "right",
      phone: true,
      cell: (session) =>
        session.isCurrent ? null : (
          <Button size="xs" variant="default" onClick={() => onEnd(session)} aria-label={`End the session of ${session.userName} in ${browserOf(session.userAgent)}`}>
            End
          </Button>
        ),
    },
  ];
}

/** Signed-in browsers, with a way to end each. */
export function SessionsView() {
  const trpc = useTRPC();
  const client = useQueryClient();
  const search = useSearchParams();
  const isAdmin = useMay("admin");
  const density = useDensity();
  const [owner, setOwner] = useUrlState("owner");
  const [ending, end] = useState<Session | null>(null);
  const query = useInfiniteQuery(trpc.access.sessions.infiniteQueryOptions(sessionsInput(search), { getNextPageParam: nextCursor, placeholderData: keepPreviousData }));
  const paged = pagedRows(query);
  const refresh = () => client.invalidateQueries(trpc.access.pathFilter());
  const others = useMutation(
    trpc.access.revokeOtherSessions.mutationOptions({ onSuccess: (result) => (toast({ tone: "ok", title: `${plural(result.revoked, "session")} ended` }), refresh()) }),
  );
  return (
    <AccessPage
      sentence={sessionsSentence(paged.rows)}
      actions={
        <Button variant="default" loading={others.isPending} onClick={() => others.mutate({})}>
          End my other sessions
        </Button>
      }
    >
      {isAdmin ? (
        <div className={styles.filters}>
          <FilterChips label="Owner" options={OWNER_CHIPS} value={owner} onChange={setOwner} />
        </div>
      ) : null}
      <DataTable label="Sessions" noun="session" columns={columnsOf(end)} rowId={(session) => session.id} rowLabel={(session) => session.userName} density={density} {...paged} />
      <EndSession session={ending} onClose={() => end(null)} onEnded={refresh} />
    </AccessPage>
  );
}

function EndSession({ session, onClose, onEnded }: { session: Session | null; onClose: () => void; onEnded: () => Promise<void> }) {
  const trpc = useTRPC();
  const viewer = useViewer();
  const revoke = useMutation(
    trpc.access.revokeSession.mutationOptions({ onSuccess: () => (toast({ tone: "ok", title: "Session ended" }), onEnded()), onSettled: onClose }),
  );
  return (
    <Confirm
      opened={session !== null}
      onClose={onClose}
      onConfirm={() => session && revoke.mutate({ id: session.id })}
      title="End this session"
      sentence={session ? `${session.userName} in ${browserOf(session.userAgent)} has to sign in again. Work that was not saved there is lost.` : ""}
      confirmLabel="End session"
      danger
      recordedAs={viewer?.name}
      busy={revoke.isPending}
    />
  );
}
