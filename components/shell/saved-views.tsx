"use client";
import { ActionIcon, Button, Checkbox, Popover, TextInput } from "@mantine/core";
import { IconBookmark, IconTrash, IconUsers } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { describeError } from "../data/describe-error.ts";
import { FormProblem } from "../data/form-problem.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { pickQuery, sameQuery } from "./view-query.ts";
import { useMay } from "./viewer.tsx";
import styles from "./saved-views.module.css";

interface SavedViewsProps {
  /** The list's name: "services". */
  list: string;
  /** Search parameters that make the view; the rest (an open panel, say) is of the moment. */
  parts: readonly string[];
}

/** Saved views of a list: choose one, save what the address says now, share it, remove it. */
export function SavedViews({ list, parts }: SavedViewsProps) {
  const trpc = useTRPC();
  const [opened, setOpened] = useState(false);
  const now = pickQuery(useSearchParams(), parts);
  const { data } = useQuery(trpc.settings.views.queryOptions({ list }));
  const views = data?.items ?? [];
  const current = views.find((view) => sameQuery(view.query, now));
  const choose = (query: string): void => {
    window.history.pushState(null, "", query === "" ? window.location.pathname : `?${query}`);
    setOpened(false);
  };
  return (
    <Popover position="bottom-end" trapFocus opened={opened} onChange={setOpened} width={320}>
      <Popover.Target>
        <Button variant="default" size="xs" leftSection={<IconBookmark size={16} aria-hidden />} onClick={() => setOpened(!opened)} aria-expanded={opened}>
          {current ? current.name : "Views"}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Saved views" className={styles.views}>
        {views.length === 0 ? <p className={styles.none}>A view keeps filter and order of this list under a name.</p> : null}
        {views.length > 0 ? (
          <ul className={styles.list}>
            {views.map((view) => (
              <li key={view.id} className={styles.row}>
                <button type="button" className={styles.name} aria-current={view === current || undefined} onClick={() => choose(view.query)}>
                  {view.name}
                </button>
                {view.isShared ? <IconUsers size={14} aria-label={`Shared by ${view.ownerName}`} /> : null}
                {view.isOwn ? <RemoveView id={view.id} name={view.name} /> : null}
              </li>
            ))}
          </ul>
        ) : null}
        {current || now === "" ? null : <SaveView list={list} query={now} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function RemoveView({ id, name }: { id: string; name: string }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const { mutate, isPending } = useMutation(trpc.settings.removeView.mutationOptions({ onSuccess: () => client.invalidateQueries(trpc.settings.views.pathFilter()) }));
  return (
    <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`Remove the view ${name}`} loading={isPending} onClick={() => mutate({ id })}>
      <IconTrash size={14} aria-hidden />
    </ActionIcon>
  );
}

function SaveView({ list, query }: { list: string; query: string }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const mayShare = useMay("editor");
  const [name, setName] = useState("");
  const [isShared, setShared] = useState(false);
  const { mutate, isPending, error } = useMutation(trpc.settings.saveView.mutationOptions({ meta: { quiet: true }, onSuccess: () => client.invalidateQueries(trpc.settings.views.pathFilter()) }));
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") mutate({ list, query, name, isShared });
      }}
    >
      <TextInput size="xs" label="Save what you see as" maxLength={60} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      {mayShare ? <Checkbox size="xs" label="Show it to everybody" checked={isShared} onChange={(event) => setShared(event.currentTarget.checked)} /> : null}
      <FormProblem problem={error ? describeError(error).message : null} />
      <Button type="submit" size="xs" loading={isPending} disabled={name.trim() === ""}>
        Save view
      </Button>
    </form>
  );
}
